import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { publicRootKeys } from '../../../pipeline/formats/signature/authorities.ts';
import { oneLine } from '../../../pipeline/formats/signature/certificate.ts';
import { publicRoots } from '../../../pipeline/formats/signature/public-roots.ts';

test('each root stands once, with a key that Node.js reads', () => {
  expect(new Set(publicRoots.map(({ sha1 }) => sha1)).size).toBe(publicRoots.length);
  for (const { name, sha1, key } of publicRoots) {
    expect(sha1).toMatch(/^[0-9A-F]{40}$/);
    expect(['rsa', 'ec'], name).toContain(key.asymmetricKeyType);
  }
});

test('the roots that Node.js has too have the same name and key there', () => {
  const listed = new Map(publicRoots.map((root) => [root.sha1, root]));
  const both = rootCertificates
    .map((pem) => new X509Certificate(pem))
    .flatMap((certificate) => {
      const root = listed.get(certificate.fingerprint.replaceAll(':', ''));
      return root === undefined ? [] : [{ certificate, root }];
    });
  expect(both.length).toBeGreaterThan(30);
  for (const { certificate, root } of both) {
    expect(root.name).toBe(oneLine(certificate.subject));
    expect(root.key.equals(certificate.publicKey), root.name).toBe(true);
  }
});

test('a root for web servers only is none for code', () => {
  expect(publicRootKeys('C=US, O=Internet Security Research Group, CN=ISRG Root X1')).toEqual([]);
});

test.each([
  [
    'which newer Node.js lacks',
    'C=US, O=DigiCert Inc, OU=www.digicert.com, CN=DigiCert High Assurance EV Root CA',
  ],
  [
    'which Microsoft trusts until a date',
    'C=IL, O=StartCom Ltd., OU=Secure Digital Certificate Signing, CN=StartCom Certification Authority',
  ],
  ['with a key of an elliptic curve', 'C=US, O=DigiCert\\, Inc., CN=DigiCert CS ECC P384 Root G5'],
])('a root %s is known: %s', (_, name) => {
  expect(publicRootKeys(name)).toHaveLength(1);
});
