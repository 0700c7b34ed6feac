import { expect, test } from 'vitest';
import { readCertificate } from '../../pipeline/formats/signature/certificate.ts';
import {
  readSignatures,
  recordedSigner,
  signatureRequests,
  signatureRequestsSchema,
  withSignatures,
} from '../../pipeline/sign/signature-files.ts';
import { signatureRequest } from '../../pipeline/sign/signer.ts';
import { problemsOf } from '../builders/problems.ts';
import { driverSigner, signingFiles, underRoot } from '../builders/signing-keys.ts';

const { signal } = new AbortController();
const leaf = readCertificate(driverSigner.der);
const [one, two] = ['b', 'c'].map((text) => signatureRequest(`${text}.cat`, Buffer.from(text)));
if (one === undefined || two === undefined) throw new Error('no requests');

test('requests name the files of each digest, sorted, and what it is the digest of', () => {
  const made = signatureRequests([two, one, { ...two, path: 'a.cat' }], { leaf });
  expect(signatureRequestsSchema.parse(made)).toEqual(made);
  expect(made.certificate).toBe(leaf.facts.sha256);
  expect(made.requests).toEqual([
    { files: ['a.cat', 'c.cat'], digest: two.digest, signedAttributes: Buffer.from('c').toString('base64') },
    { files: ['b.cat'], digest: one.digest, signedAttributes: Buffer.from('b').toString('base64') },
  ]);
});

test('nothing is asked of a key whose certificate is over', async () => {
  const over = readCertificate(underRoot({ name: 'Over', validity: ['200101000000Z', '210101000000Z'] }).der);
  expect(await problemsOf((async () => signatureRequests([one], { leaf: over }))())).toEqual([
    expect.stringMatching(
      /^pvdisc sign-requests: the certificate "Over" ended on 2021-01-01: Windows refuses /,
    ),
  ]);
});

test('recorded signatures are found by their digest, and all that are missing are counted', async () => {
  const { file } = await signingFiles();
  const signatures = [{ digest: one.digest, signature: 'YWJj' }];
  const path = await file('signatures.json', JSON.stringify({ schemaVersion: 1, signatures }));
  const signer = recordedSigner(await readSignatures(path, 'place'), 'place');
  expect((await signer.sign([one], signal)).map(String)).toEqual(['abc']);
  expect(
    await problemsOf(Promise.resolve(signer.sign([one, two, { ...two, digest: '00' }], signal))),
  ).toEqual([
    'place: has no signature of c.cat and 1 more\n  hint: write the requests again with pvdisc sign-requests, for the files as they are now',
  ]);
});

test('a record keeps the timestamp of a signature that is made again without one', () => {
  const record = (...signatures: { digest: string; signature: string; timestamp?: string }[]) =>
    ({ schemaVersion: 1, signatures }) as const;
  const [again, other] = ['YWJj', 'eHl6'].map((signature) => record({ digest: one.digest, signature }));
  if (again === undefined || other === undefined) throw new Error('no records');
  const timed = record({ digest: one.digest, signature: 'YWJj', timestamp: 'dGlt' });
  expect(withSignatures(timed, again)).toEqual(timed);
  expect(withSignatures(timed, other)).toEqual(other);
});

test.each([
  ['{', 'is not JSON'],
  ['{"schemaVersion": 2, "signatures": []}', 'schemaVersion: '],
  [
    '{"schemaVersion": 1, "signatures": [{"digest": "AB", "signature": ""}]}',
    'signatures.0.digest: must be 64 lower-case hexadecimal digits',
  ],
  [
    `{"schemaVersion": 1, "signatures": [{"digest": "${'a'.repeat(64)}", "signature": "?"}]}`,
    'signatures.0.signature: ',
  ],
])('a file that holds %s is refused', async (text, message) => {
  const { file } = await signingFiles();
  const [problem] = await problemsOf(readSignatures(await file('signatures.json', text), 'place'));
  expect(problem).toContain(`place: ${message}`);
});
