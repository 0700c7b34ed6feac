import { createPublicKey } from 'node:crypto';
import { afterAll } from 'vitest';
import {
  codeVerificationRoot,
  type PublicRoot,
  publicRoots,
} from '../../pipeline/formats/signature/public-roots.ts';
import { utcTime } from '../formats/asn1.ts';
import { attribute, makeCertificate, makeSigner, type TestCertificate } from '../formats/signing.ts';

const root = makeCertificate({ name: 'Public root of tests', isAuthority: true });
const intermediate = makeCertificate({ name: 'Public issuer of tests', issuer: root, isAuthority: true });

/** The authorities of a certificate, the nearest first; public where a test calls `trustTestRoots`. */
export const testAuthorities: readonly TestCertificate[] = [intermediate, root];

/** Signs times, under the authorities of tests. */
export const testClock = makeCertificate({
  name: 'Clock',
  issuer: intermediate,
  ekus: ['1.3.6.1.5.5.7.3.8'],
});

/** A maker of drivers with a certificate of the authorities of tests. */
export const testVendor = makeCertificate({
  name: 'Vendor',
  issuer: intermediate,
  ekus: ['1.3.6.1.5.5.7.3.3'],
});

/** Has the name of the root that the kernel of Windows Vista to 8.1 knows, and another key. */
const codeRoot = makeCertificate({
  name: 'Microsoft Code Verification Root',
  organization: 'Microsoft Corporation',
  place: [
    ['2.5.4.6', 'US'],
    ['2.5.4.8', 'Washington'],
    ['2.5.4.7', 'Redmond'],
  ],
  isAuthority: true,
});

/** Leads from the public root of tests to the one that the kernel of Windows Vista to 8.1 knows. */
export const testCrossCertificate = makeCertificate({
  name: 'Public root of tests',
  certifies: root,
  issuer: codeRoot,
  isAuthority: true,
});

/** A public root that signed itself with MD2, as the oldest ones did. */
export const testOldRoot = makeCertificate({ name: 'Old root of tests', isAuthority: true, isMd2: true });

/** Makes the authorities of tests public roots for the tests of a file; Microsoft's roots for drivers have one of the thumbprints in `authorities.ts`. */
export function trustTestRoots(sha1 = ''): void {
  const known = publicRoots as PublicRoot[];
  const trusted = [
    { name: 'O=Tests, CN=Public root of tests', certificate: root },
    { name: 'O=Tests, CN=Old root of tests', certificate: testOldRoot },
    { name: codeVerificationRoot, certificate: codeRoot },
  ].map(({ name, certificate }) => ({ name, sha1, key: createPublicKey(certificate.key) }));
  known.push(...trusted);
  afterAll(() => {
    known.splice(known.length - trusted.length);
  });
}

/** Returns what countersigns a signature at that time (UTCTime), as PKCS#9 does; of other bytes where a test wants it wrong. */
export function countersigner(time: string, clock = testClock, other?: Uint8Array) {
  const contentType = '1.2.840.113549.1.7.1';
  const signedAttributes = [attribute('1.2.840.113549.1.9.5', utcTime(time))];
  return (bytes: Uint8Array) => [
    attribute(
      '1.2.840.113549.1.9.6',
      makeSigner({ certificate: clock, bytes: other ?? bytes, contentType, signedAttributes }),
    ),
  ];
}
