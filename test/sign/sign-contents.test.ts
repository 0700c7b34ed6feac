import { describe, expect, test } from 'vitest';
import { silentReporter } from '../../pipeline/core/reporter.ts';
import { readCertificate } from '../../pipeline/formats/signature/certificate.ts';
import { readSignedData } from '../../pipeline/formats/signature/signed-data.ts';
import { openKeyFile } from '../../pipeline/sign/key-file.ts';
import { requestsOf, type SigningMeans, signContents } from '../../pipeline/sign/sign-contents.ts';
import { recordedSigner } from '../../pipeline/sign/signature-files.ts';
import { lacksTool } from '../builders/needs.ts';
import { problemsOf } from '../builders/problems.ts';
import { startServer } from '../builders/server.ts';
import { driverRoot, driverSigner, signingFiles } from '../builders/signing-keys.ts';
import { timestampAuthority } from '../builders/timestamp-authority.ts';
import { sequence } from '../formats/asn1.ts';
import { makeList } from '../formats/catalog-file.ts';

const { signal } = new AbortController();
const context = { signal, reporter: silentReporter };
const content = { type: '1.3.6.1.4.1.311.10.1', der: makeList({ version: 2, members: [] }) };
const files = ['a.cat', 'b.cat'].map((path) => ({ path, content }));
const certificates = { leaf: readCertificate(driverSigner.der), issuers: [readCertificate(driverRoot.der)] };

async function means(more: Partial<SigningMeans> = {}): Promise<SigningMeans> {
  const { key } = await signingFiles();
  const signer = await openKeyFile({ file: key, place: 'key', passphraseHint: '' });
  return { certificates, opus: { name: 'Drivers' }, signer, timestamps: new Map(), servers: [], ...more };
}

const base64 = (text: string) => Buffer.from(text, 'base64');

describe('signContents', () => {
  test('signs every content once, so that equal ones get equal signatures, without a time', async () => {
    const { byPath, record } = await signContents(files, await means(), context);
    expect(record.signatures).toEqual([
      { digest: requestsOf(files, { opus: { name: 'Drivers' } })[0]?.digest, signature: expect.any(String) },
    ]);
    expect(byPath.get('a.cat')).toEqual(byPath.get('b.cat'));
    const { signers } = readSignedData(byPath.get('a.cat') ?? new Uint8Array(), 'a').signature;
    expect(signers).toHaveLength(1);
    expect(signers[0]).not.toHaveProperty('problem');
    expect(signers[0]).not.toHaveProperty('timestamp');
  });

  test.skipIf(lacksTool('openssl'))(
    'timestamps signatures, and makes the same again from what it recorded',
    async () => {
      const { url, asked } = await startServer({ '/tsa': await timestampAuthority() });
      const servers = [`${url}/tsa`];
      const first = await signContents(files, await means({ servers }), context);
      expect(asked).toHaveLength(1);
      const { signers } = readSignedData(first.byPath.get('a.cat') ?? new Uint8Array(), 'a').signature;
      expect(signers[0]?.timestamp).toMatchObject({ kind: 'rfc3161', certificate: { commonName: 'Clock' } });
      expect(signers[0]?.timestamp).not.toHaveProperty('problem');

      const [kept] = first.record.signatures;
      const timestamps = new Map([[kept?.digest ?? '', base64(kept?.timestamp ?? '')]]);
      const signer = recordedSigner(first.record, 'signatures.json');
      const again = await signContents(files, await means({ signer, timestamps, servers }), context);
      expect(asked).toHaveLength(1);
      expect(again).toEqual(first);
    },
  );

  test('refuses a recorded timestamp that is none', async () => {
    const [request] = requestsOf(files, { opus: { name: 'Drivers' } });
    const timestamps = new Map([[request?.digest ?? '', sequence()]]);
    expect(await problemsOf(signContents(files, await means({ timestamps }), context))).toEqual([
      expect.stringMatching(
        /^key: its timestamp is not right: .* \(digest [0-9a-f]{64}\)\n {2}hint: take the timestamp out/,
      ),
    ]);
  });
});
