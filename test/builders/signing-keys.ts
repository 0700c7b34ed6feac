import { createPublicKey, type KeyObject } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CertificateOptions, makeCertificate, type TestCertificate } from '../formats/signing.ts';
import { temporaryFolder } from './release.ts';

const root = makeCertificate({ name: 'Drivers root', isAuthority: true, bits: 2048 });
const codeSigning = ['1.3.6.1.5.5.7.3.3'];

/** The certificate of a maker of drivers, its root, and another one of the same root. */
export const driverSigner = makeCertificate({ name: 'Drivers', issuer: root, ekus: codeSigning, bits: 2048 });
export const driverRoot = root;
export const otherSigner = makeCertificate({ name: 'Others', issuer: root, ekus: codeSigning, bits: 2048 });

/** Makes a certificate under the root of drivers. */
export function underRoot(options: CertificateOptions): TestCertificate {
  return makeCertificate({ issuer: root, bits: 2048, ekus: codeSigning, ...options });
}

/** Returns certificates in PEM, one after another. */
export function pemOf(...certificates: readonly TestCertificate[]): string {
  return certificates
    .map(({ der }) =>
      Buffer.from(der)
        .toString('base64')
        .replace(/.{1,64}/g, '$&\n'),
    )
    .map((text) => `-----BEGIN CERTIFICATE-----\n${text}-----END CERTIFICATE-----\n`)
    .join('');
}

/** Returns a private key in PEM (PKCS#8), encrypted where there is a passphrase. */
export function keyPem(key: KeyObject, passphrase?: string): string {
  const encrypted = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return key.export({ type: 'pkcs8', format: 'pem', ...encrypted }).toString();
}

export const passphrase = 'a passphrase that nobody else has';

/** Files of the key of `driverSigner`, in a folder that goes away with the test. */
export async function signingFiles() {
  const folder = await temporaryFolder('pvdisc-keys-');
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  return {
    folder,
    certificates: await file('drivers.pem', pemOf(driverSigner, root)),
    root: await file('root.pem', pemOf(root)),
    key: await file('drivers.key', keyPem(driverSigner.key)),
    encryptedKey: await file('encrypted.key', keyPem(driverSigner.key, passphrase)),
    otherKey: await file('other.key', keyPem(otherSigner.key)),
    publicKey: await file(
      'public.pem',
      createPublicKey(driverSigner.key).export({ type: 'spki', format: 'pem' }).toString(),
    ),
    file,
  };
}
