import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSigningCertificates } from '../../pipeline/sign/certificates.ts';
import { problemsOf } from '../builders/problems.ts';
import { temporaryFolder } from '../builders/release.ts';
import { driverRoot, driverSigner, keyPem, otherSigner, pemOf, underRoot } from '../builders/signing-keys.ts';
import { makeCertificate } from '../formats/signing.ts';

async function read(text: string) {
  const file = join(await temporaryFolder('pvdisc-certificates-'), 'drivers.pem');
  await writeFile(file, text);
  return readSigningCertificates(file, '--certificates drivers.pem');
}

test('reads the certificate of the key and those of its issuers', async () => {
  const { leaf, issuers } = await read(`a comment\n${pemOf(driverSigner, driverRoot)}`);
  expect(leaf.facts.commonName).toBe('Drivers');
  expect(issuers.map(({ facts }) => facts.commonName)).toEqual(['Drivers root']);
  expect((await read(pemOf(driverSigner))).issuers).toEqual([]);
});

test.each([
  ['', 'holds no certificate in PEM'],
  [pemOf(driverRoot, driverSigner), '"Drivers root" comes first, which issued "Drivers"'],
  [pemOf(driverSigner) + keyPem(driverSigner.key), 'holds a private key, expected certificates alone'],
  [
    '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n',
    'certificate is damaged and cannot be read',
  ],
  [
    pemOf(underRoot({ name: 'Short', bits: 1024 })),
    'the key of "Short" has 1024 bits, expected 2048 or more',
  ],
  [
    pemOf(underRoot({ name: 'Web', ekus: ['1.3.6.1.5.5.7.3.1'] })),
    '"Web" is not for code: its extended key usage lacks codeSigning',
  ],
  [pemOf(driverSigner, otherSigner), '"Others" did not issue "Drivers"'],
  [
    pemOf(driverSigner, makeCertificate({ name: 'Drivers root', isAuthority: true })),
    '"Drivers root" did not issue "Drivers"',
  ],
])('refuses %#', async (text, message) => {
  expect((await problemsOf(read(text)))[0]?.split('\n')[0]).toBe(`--certificates drivers.pem: ${message}`);
});

test('names a file that is not there', async () => {
  expect(await problemsOf(readSigningCertificates('/nonexistent/a.pem', 'a.pem'))).toEqual([
    expect.stringMatching(/^a\.pem: no such file\n {2}hint: cat leaf\.pem/),
  ]);
});

test('refuses a certificate whose key usage does not allow signatures', async () => {
  const folder = await temporaryFolder('pvdisc-certificates-');
  const file = join(folder, 'drivers.pem');
  await writeFile(file, pemOf(underRoot({ name: 'Mail', keyUsage: 0x20 }), driverRoot));
  expect(await problemsOf(readSigningCertificates(file, 'certificates'))).toEqual([
    'certificates: "Mail" is not for signatures: its key usage lacks digitalSignature\n  hint: make the certificate with keyUsage = critical,digitalSignature',
  ]);
});
