import { createPublicKey } from 'node:crypto';
import type { PublicRoot } from '../../pipeline/formats/signature/public-roots.ts';
import { utcTime } from '../formats/asn1.ts';
import { attribute, makeCertificate, makeSigner, type TestCertificate } from '../formats/signing.ts';

const root = makeCertificate({ name: 'Public root of tests', isAuthority: true });
const intermediate = makeCertificate({ name: 'Public issuer of tests', issuer: root, isAuthority: true });

/** The authorities of a certificate, the nearest first; public where a test mocks the list of roots by `withTestRoot`. */
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

const codeRoot = makeCertificate({ name: 'Code verification root of tests', isAuthority: true });

/** Leads from the public root of tests to the one that the kernel of Windows Vista to 8.1 knows. */
export const testCrossCertificate = makeCertificate({
  name: 'Public root of tests',
  certifies: root,
  issuer: codeRoot,
  isAuthority: true,
});

/** A public root that signed itself with MD2, as the oldest ones did. */
export const testOldRoot = makeCertificate({ name: 'Old root of tests', isAuthority: true, isMd2: true });

/** Makes the roots of tests public ones, where a test mocks `windows/public-roots.ts` with it. */
export function withTestRoot(module: { readonly publicRoots: readonly PublicRoot[] }) {
  const [key, oldKey, codeKey] = [root, testOldRoot, codeRoot].map((certificate) =>
    createPublicKey(certificate.key),
  );
  const codeVerificationRoot = 'O=Tests, CN=Code verification root of tests';
  return {
    codeVerificationRoot,
    publicRoots: [
      ...module.publicRoots,
      { name: 'O=Tests, CN=Public root of tests', sha1: '', key },
      { name: 'O=Tests, CN=Old root of tests', sha1: '', key: oldKey },
      { name: codeVerificationRoot, sha1: '', key: codeKey },
    ],
  };
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
