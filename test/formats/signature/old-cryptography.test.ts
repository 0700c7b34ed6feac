import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { publicRootKeys } from '../../../pipeline/formats/signature/authorities.ts';
import { signatureState } from '../../../pipeline/formats/signature/signature.ts';
import { readSignedData } from '../../../pipeline/formats/signature/signed-data.ts';
import {
  countersigner,
  testAuthorities,
  testClock,
  testOldRoot,
  testVendor,
  trustTestRoots,
} from '../../builders/authority.ts';
import { utcTime } from '../asn1.ts';
import { makeCatalog, makeList } from '../catalog-file.ts';
import { attribute, makeCertificate, makeSigner, type SignerOptions } from '../signing.ts';

trustTestRoots();

const list = makeList({ version: 1, members: [] });
const codeSigning = '1.3.6.1.5.5.7.3.3';

function signersOf(more: Partial<SignerOptions> = {}, signer = testVendor, issuers = testAuthorities) {
  return readSignedData(makeCatalog(list, signer, [...issuers, testClock], more), 'catalog').signature
    .signers;
}

test('a signature with MD5 is intact and names its algorithm', () => {
  const signers = signersOf({ digest: 'md5' });
  expect(signers).toMatchObject([{ digestAlgorithm: 'md5' }]);
  expect(signers[0]?.problem).toBeUndefined();
  expect(signatureState(signers)).toBe('vendor-signed');
});

test('a signature with MD5 by another key is broken', () => {
  const makeSignature = () => Buffer.alloc(128, 1);
  expect(signersOf({ digest: 'md5', makeSignature })[0]?.problem).toMatch(/does not match the key/);
});

test('a timestamp with MD5 is intact and names its algorithm', () => {
  const signedAttributes = [attribute('1.2.840.113549.1.9.5', utcTime('010601000000Z'))];
  const contentType = '1.2.840.113549.1.7.1';
  const [signer] = signersOf({
    unsignedAttributes: (bytes) => [
      attribute(
        '1.2.840.113549.1.9.6',
        makeSigner({ certificate: testClock, bytes, contentType, signedAttributes, digest: 'md5' }),
      ),
    ],
  });
  expect(signer?.timestamp).toMatchObject({ digestAlgorithm: 'md5', authority: 'public' });
  expect(signer?.timestamp?.problem).toBeUndefined();
  const [other] = signersOf({ unsignedAttributes: countersigner('250101000000Z') });
  expect(other?.timestamp?.digestAlgorithm).toBe('sha256');
});

test.each([
  [0, undefined],
  [2, 'the version of its signer is unknown'],
])('a SignerInfo of version %i', (version, problem) => {
  expect(signersOf({ version })[0]?.problem).toBe(problem);
});

test('a root that signed itself with MD2 counts where its key is known', () => {
  const signer = makeCertificate({ name: 'Old', issuer: testOldRoot, ekus: [codeSigning] });
  const signers = signersOf({}, signer, [testOldRoot]);
  expect(signers[0]?.problem).toBeUndefined();
  expect(signatureState(signers)).toBe('vendor-signed');
});

test('an unknown root that signed itself with MD2 proves nothing', () => {
  const root = makeCertificate({ name: 'Old root of tests', isAuthority: true, isMd2: true });
  const signer = makeCertificate({ name: 'Old', issuer: root, ekus: [codeSigning] });
  expect(signersOf({}, signer, [root])[0]?.problem).toMatch(/"Old root of tests" does not match/);
});

/** The key identifiers that the roots' own certificates state: SHA-1 of the key with or without its algorithm. */
test.each([
  ['C=US, O=GeoTrust Inc., CN=GeoTrust Global CA', 'spki', 'c07a98688d89fbab05640c117daa7d65b8cacc4e'],
  [
    'C=US, O=Equifax, OU=Equifax Secure Certificate Authority',
    'spki',
    '48e668f92bd2b295d747d82320104f3398909fd4',
  ],
  [
    'C=US, ST=Arizona, L=Scottsdale, O=Starfield Technologies\\, Inc., OU=http://certificates.starfieldtech.com/repository/, CN=Starfield Services Root Certificate Authority',
    'pkcs1',
    'b4c67f1a43cc9b755d2fc44bf28b9810e9f15110',
  ],
] as const)('%s is known by its key', (name, type, identifier) => {
  const identifiers = publicRootKeys(name).map((key) =>
    createHash('sha1')
      .update(key.export({ type, format: 'der' }))
      .digest('hex'),
  );
  expect(identifiers).toEqual([identifier]);
});
