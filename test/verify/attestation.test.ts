import { createPrivateKey, createPublicKey } from 'node:crypto';
import {
  appendFile,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attestationBundle } from '../../pipeline/attest/bundle.ts';
import { checksumsText } from '../../pipeline/formats/sums.ts';
import type { ReleaseRecord } from '../../pipeline/model/record.ts';
import { hashFile } from '../../pipeline/system/files.ts';
import { verifyAttestation } from '../../pipeline/verify/attestation.ts';
import { verifyReleaseFiles } from '../../pipeline/verify/release-files.ts';
import { keyKinds, makeAttestKey } from '../builders/attest-key.ts';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { badPlaces, copySample, verified, writeDocuments } from './copied-release.ts';

const bundleName = 'pvdisc-sample-0.1.0.sigstore.json';
const provenance = 'pvdisc-sample-0.1.0.intoto.json';

describe.skipIf(lacksTool('openssl'))('the signed provenance of a release', () => {
  test.each(Object.entries(keyKinds))('is good by its key of %s', async (_kind, kind) => {
    const { folder, key } = await signedSample(kind);
    const { good, checks } = await verified(folder, '--attest-key', key.public);
    expect(good).toBe(true);
    expect(ofBundle(checks)).toEqual([
      {
        verdict: 'good',
        place: bundleName,
        message: `is a good signature by the given key for ${provenance} and all files it names`,
      },
    ]);
  });

  test('is not checked without a key, and is no added file', async () => {
    const { folder } = await signedSample();
    const { good, checks } = await verified(folder);
    expect(good).toBe(true);
    expect(ofBundle(checks)).toEqual([
      {
        verdict: 'not-judged',
        place: bundleName,
        message: `the signer of ${provenance} is unknown, since no key is given`,
        hint: 'give the public key of the publisher: --attest-key FILE',
      },
    ]);
    await writeFile(join(folder, 'other.sigstore.json'), '{}');
    expect(badPlaces(await verified(folder))).toEqual(['other.sigstore.json']);
  });

  test('is bad by another key, and where it is missing, a link, a folder or no bundle', async () => {
    const { folder, file, key } = await signedSample();
    const other = await makeAttestKey(dirname(folder), 'other');
    expect(await problem(folder, other.public)).toBe(
      'is not signed with the given key: signature verification failed',
    );
    const text = await readFile(file, 'utf8');
    for (const written of ['', 'null', '[]', '{}', '{"mediaType":1}', text.slice(0, -10)]) {
      await writeFile(file, written);
      expect([written, await problem(folder, key.public)]).toEqual([
        written,
        expect.stringMatching(/^is not a Sigstore bundle: /),
      ]);
    }
    await rm(file);
    expect(await problem(folder, key.public)).toBe('no signed provenance exists');
    await symlink('/dev/zero', file);
    expect(await problem(folder, key.public)).toMatch(/^is not a regular file/);
    await rm(file);
    await mkdir(file);
    expect(await problem(folder, key.public)).toMatch(/^is not a regular file/);
    await rm(file, { recursive: true });
    await writeFile(file, text);
    await rm(join(folder, provenance));
    const sums = (await readFile(join(folder, 'SHA256SUMS'), 'utf8')).replace(/^.*intoto\.json\n/m, '');
    await writeFile(join(folder, 'SHA256SUMS'), sums);
    const { checks } = await verified(folder, '--attest-key', key.public);
    const told = checks.map(({ place, message }) => `${place}: ${message}`);
    expect(told).toContain(`${provenance}: no signed provenance exists`);
    expect(told).toContain(`${bundleName}: is not in SHA256SUMS, nor is the provenance that it signs`);
  });

  test('is bad without a key too where it is not a regular file, no bundle, or of another provenance', async () => {
    const { folder, file, key } = await signedSample();
    const text = await readFile(file, 'utf8');
    const secret = createPrivateKey(await readFile(key.secret));
    const badAs = async (write: () => Promise<void>) => {
      await rm(file, { recursive: true, force: true });
      await write();
      const { checks } = await verified(folder);
      return ofBundle(checks).map(({ verdict, message }) => `${verdict}: ${message}`);
    };
    const notPlain = [expect.stringMatching(/^bad: is not a regular file/)];
    expect(await badAs(() => mkdir(file))).toEqual(notPlain);
    expect(await badAs(() => symlink('/dev/zero', file))).toEqual(notPlain);
    expect(await badAs(() => symlink('SHA256SUMS', file))).toEqual(notPlain);
    expect(await badAs(() => writeFile(file, '<html>'))).toEqual([
      'bad: is not a Sigstore bundle: it is not a JSON object',
    ]);
    const other = attestationBundle(Buffer.from('{}'), secret);
    expect(await badAs(() => writeFile(file, other))).toEqual([`bad: its payload is not ${provenance}`]);
    expect(await badAs(() => writeFile(file, text))).toEqual([
      expect.stringMatching(/^not-judged: the signer of /),
    ]);
  });

  test('is bad where its envelope was changed', async () => {
    const { folder, file, key } = await signedSample();
    const bundle = JSON.parse(await readFile(file, 'utf8'));
    const { dsseEnvelope } = bundle;
    const [signature] = dsseEnvelope.signatures;
    const payload = Buffer.from(dsseEnvelope.payload, 'base64').toString().replace('"full"', '"slim"');
    const unsigned = 'is not signed with the given key: signature verification failed';
    const changes: [Record<string, unknown>, string][] = [
      [{ payload: Buffer.from(payload).toString('base64') }, `its payload is not ${provenance}`],
      [{ signatures: [{ ...signature, sig: `AA${signature.sig.slice(2)}` }] }, unsigned],
      [
        { payloadType: 'text/plain' },
        'its payload has type text/plain, expected application/vnd.in-toto+json',
      ],
      [
        { signatures: [signature, signature] },
        'is not a Sigstore bundle: fields are missing or have the wrong type: content.dsseEnvelope.signatures',
      ],
    ];
    for (const [change, fact] of changes) {
      await writeFile(file, JSON.stringify({ ...bundle, dsseEnvelope: { ...dsseEnvelope, ...change } }));
      expect(await problem(folder, key.public)).toBe(fact);
    }
    const older = 'application/vnd.dev.sigstore.bundle+json;version=0.2';
    await writeFile(file, JSON.stringify({ ...bundle, mediaType: older }));
    expect(await problem(folder, key.public)).toContain(`has type ${older}, expected `);
    const certificate = { certificate: { rawBytes: 'AAAA' } };
    await writeFile(file, JSON.stringify({ ...bundle, verificationMaterial: certificate }));
    expect(await problem(folder, key.public)).toBe('is signed with a certificate, expected a key');
  });

  test("is bad where it is another release's, or tells of other files", async () => {
    const { folder, record, file, key } = await signedSample();
    const secret = createPrivateKey(await readFile(key.secret));
    const iso = { ...record.iso, sha256: 'ab'.repeat(32) };
    await writeDocuments(folder, { ...record, iso });
    expect(await problem(folder, key.public)).toBe(`its payload is not ${provenance}`);
    await writeFile(file, attestationBundle(await readFile(join(folder, provenance)), secret));
    expect(await problem(folder, key.public)).toBe('its digest of pvdisc-sample-0.1.0.iso does not match');
  });

  test('is bad where files were added, changed or removed since it was signed, whatever version made the record', async () => {
    const { folder, record, key } = await signedSample();
    const publicKey = createPublicKey(await readFile(key.public));
    const judged = async () => {
      const { digests } = await verifyReleaseFiles(folder, new AbortController().signal);
      const checks = await verifyAttestation(folder, publicKey, digests);
      return checks
        .filter(({ verdict }) => verdict === 'bad')
        .map(({ place, message }) => `${place}: ${message}`);
    };
    const keepProvenance = async (changed: ReleaseRecord) => {
      const signed = await readFile(join(folder, provenance));
      await writeDocuments(folder, changed);
      await writeFile(join(folder, provenance), signed);
      const names = (await readdir(folder)).filter((name) => !/^SHA256SUMS|\.sigstore\.json$/.test(name));
      const sums = names.map(async (name) => ({ name, ...(await hashFile(join(folder, name))) }));
      await writeFile(join(folder, 'SHA256SUMS'), checksumsText(await Promise.all(sums)));
    };
    const notSigned = (name: string) => `${name}: is not signed: ${provenance} does not list it`;
    const another = (name: string) => `${bundleName}: its digest of ${name} does not match`;
    const [record_, bill, page] = ['release.json', 'pvdisc-sample-0.1.0.cdx.json', 'report.html'];
    const deb = record.artifacts[0]?.name ?? '';
    const older = record.tools.map((tool) => (tool.name === 'pvdisc' ? { ...tool, version: '0.0.9' } : tool));

    for (const [from, name] of [
      [deb, 'pvdisc-sample-extras_0.1.0-1_all.deb'],
      [record.iso.name, 'other.iso'],
    ] as const) {
      await copyFile(join(folder, from), join(folder, name));
      expect(await judged()).toEqual([notSigned(name)]);
      const { sha256, size } = await hashFile(join(folder, name));
      const added = { format: 'deb', name, sha256, size };
      await keepProvenance({ ...record, tools: older, artifacts: [...record.artifacts, added] });
      expect(await judged()).toEqual([another(bill), another(record_), another(page), notSigned(name)]);
      await rm(join(folder, name));
      await keepProvenance(record);
      expect(await judged()).toEqual([]);
    }

    await keepProvenance({ ...record, tools: older });
    expect(await judged()).toEqual([another(bill), another(record_), another(page)]);
    await keepProvenance(record);
    await appendFile(join(folder, bill), '\n');
    expect(await judged()).toEqual([another(bill)]);
    await writeDocuments(folder, record);

    for (const name of [deb, record.iso.name]) {
      await rename(join(folder, name), join(folder, '../kept'));
      expect(await judged()).toEqual([another(name)]);
      await keepProvenance({ ...record, artifacts: record.artifacts.filter((one) => one.name !== name) });
      expect(await judged()).toContain(another(name));
      await rename(join(folder, '../kept'), join(folder, name));
      await writeDocuments(folder, record);
    }
    expect((await verified(folder, '--attest-key', key.public)).good).toBe(true);
  });

  test('a key that is none is said before anything is read', async () => {
    const { folder, key } = await signedSample();
    const private_ = await pvdisc(['verify', folder, '--attest-key', key.secret]);
    expect(private_).toMatchObject({ exitCode: 1, stdout: '' });
    expect(private_.stderr).toContain(
      `--attest-key ${key.secret}: is a private key, expected a public key\n  hint: extract it with openssl pkey`,
    );
    const garbage = await pvdisc(['verify', folder, '--attest-key', join(folder, 'SHA256SUMS')]);
    expect(garbage).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('is not a public key in PEM'),
    });
    const gone = await pvdisc(['verify', folder, '--attest-key', join(folder, 'gone')]);
    expect(gone).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('gone: no such file') });
  });
});

async function signedSample(kind?: readonly string[]) {
  const { folder, record } = await copySample();
  const key = await makeAttestKey(dirname(folder), 'key', kind);
  const file = join(folder, bundleName);
  const statement = await readFile(join(folder, provenance));
  await writeFile(file, attestationBundle(statement, createPrivateKey(await readFile(key.secret))));
  return { folder, record, key, file };
}

function ofBundle(checks: Awaited<ReturnType<typeof verified>>['checks']) {
  return checks.filter(({ place }) => place === bundleName);
}

/** The only failed check of the bundle. */
async function problem(folder: string, key: string): Promise<string | undefined> {
  const found = ofBundle((await verified(folder, '--attest-key', key)).checks);
  expect(found.map(({ verdict }) => verdict)).toEqual(['bad']);
  return found[0]?.message;
}
