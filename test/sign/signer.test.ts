import { sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readCertificate } from '../../pipeline/formats/signature/certificate.ts';
import { checkedSignatures, type DigestSigner, signatureRequest } from '../../pipeline/sign/signer.ts';
import { sha256 } from '../builders/disc-contents.ts';
import { problemsOf } from '../builders/problems.ts';
import { driverSigner, otherSigner, underRoot } from '../builders/signing-keys.ts';

const leaf = readCertificate(driverSigner.der);
const { signal } = new AbortController();
const requests = ['a.cat', 'b.cat', 'c.cat'].map((path) => signatureRequest(path, Buffer.from(path)));

const signer = (key = driverSigner.key, more: Partial<DigestSigner> = {}): DigestSigner => ({
  place: '--signer-key k',
  identity: 'k',
  sign: async (batch) => batch.map(({ signedAttributes }) => sign('sha256', signedAttributes, key)),
  ...more,
});

test('signatureRequest has the SHA-256 of what is to be signed', () => {
  expect(signatureRequest('a', Buffer.from('x')).digest).toBe(sha256(Buffer.from('x')));
});

describe('checkedSignatures', () => {
  test('asks for equal requests once, in one batch, and returns signatures by digest', async () => {
    const batches: string[][] = [];
    const counting: DigestSigner = {
      ...signer(),
      sign: async (batch) => {
        batches.push(batch.map(({ path }) => path));
        return signer().sign(batch, signal);
      },
    };
    const [first, second] = requests;
    if (first === undefined || second === undefined) throw new Error('no requests');
    const made = await checkedSignatures(
      [first, second, { ...first, path: 'z' }],
      counting,
      { leaf },
      signal,
    );
    expect(batches).toHaveLength(1);
    expect(batches[0]).toHaveLength(2);
    expect([...made.keys()].sort()).toEqual([first.digest, second.digest].sort());
    expect(await checkedSignatures([], counting, { leaf }, signal)).toEqual(new Map());
    expect(batches).toHaveLength(1);
  });

  test('refuses signatures by another key, and says of which files', async () => {
    expect(await problemsOf(checkedSignatures(requests, signer(otherSigner.key), { leaf }, signal))).toEqual([
      expect.stringMatching(
        /^--signer-key k: its signature of a\.cat and of 2 more is not by the key of "Drivers"\n {2}hint: /,
      ),
    ]);
  });

  test('refuses a signature that is in another place', async () => {
    const swapped = { sign: async () => (await signer().sign(requests, signal)).toReversed() };
    expect(
      await problemsOf(checkedSignatures(requests, signer(undefined, swapped), { leaf }, signal)),
    ).toEqual([
      expect.stringContaining(
        'its signature of a.cat and of 1 more is by the key of "Drivers", but of another digest',
      ),
    ]);
  });

  test.each([
    ['200101000000Z', '210101000000Z', 'ended on 2021-01-01'],
    ['490101000000Z', '491231000000Z', 'starts on 2049-01-01'],
  ])(
    'refuses a certificate from %s to %s, but for signatures that were made before',
    async (from, to, when) => {
      const owner = underRoot({ name: 'Drivers', validity: [from, to] });
      const own = { leaf: readCertificate(owner.der) };
      expect(await problemsOf(checkedSignatures(requests, signer(owner.key), own, signal))).toEqual([
        `--signer-key k: the certificate "Drivers" ${when}: Windows refuses what is signed with it now\n  hint: make a new certificate for the key; files that were signed before are made again with --signatures`,
      ]);
      const recorded = signer(owner.key, { isRecorded: true });
      expect((await checkedSignatures(requests, recorded, own, signal)).size).toBe(3);
    },
  );

  test.each([0, 2, 4])('refuses %i signatures for 3 digests', async (count) => {
    const more = { sign: async () => Array.from({ length: count }, () => Buffer.alloc(256)) };
    expect(await problemsOf(checkedSignatures(requests, signer(undefined, more), { leaf }, signal))).toEqual([
      expect.stringContaining(`gave ${count} signatures for 3 digests`),
    ]);
  });
});
