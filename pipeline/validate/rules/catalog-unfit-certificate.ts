import { mayServe } from '../../formats/signature/certificate.ts';
import { oids } from '../../formats/signature/oids.ts';
import type { Signer } from '../../formats/signature/signed-data.ts';
import { defineRule } from '../define.ts';

export const catalogUnfitCertificate = defineRule({
  id: 'catalog/unfit-certificate',
  severity: 'error',
  scope: 'tree',
  explain: `The certificate that signed a catalog is for another use: its extended key usage lacks codeSigning, or its key usage lacks digitalSignature.
Windows refuses to install the driver package (CERT_E_WRONG_USAGE, 0x800B0110), although the signature is valid.
Make the certificate with "keyUsage = critical,digitalSignature" and "extendedKeyUsage = codeSigning" (docs/signing.md), and sign the catalog again.
The rule skips certificates whose key usage is keyEncipherment and dataEncipherment: Visual Studio makes its test certificates (WDKTestCert) this way, and Windows accepts them where they are trusted.`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { catalog }]) => {
      const message = catalog?.signature.signers.map(whyUnfit).find((why) => why !== undefined);
      if (message === undefined) return [];
      return [{ path, message, hint: 'sign the catalog with a certificate for code signing' }];
    }),
});

/** Skips broken signatures, and Microsoft's, whose certificates have usages of their own. */
function whyUnfit({ certificate, problem, issuedByMicrosoft }: Signer): string | undefined {
  if (certificate === undefined || problem !== undefined || issuedByMicrosoft) return undefined;
  const name = certificate.commonName ?? certificate.subject;
  if (!mayServe(certificate, oids.codeSigning))
    return `the certificate of "${name}" is not for code: its extended key usage lacks codeSigning`;
  return certificate.forbidsSigning && !certificate.isForEncipherment
    ? `the certificate of "${name}" is not for signatures: its key usage lacks digitalSignature`
    : undefined;
}
