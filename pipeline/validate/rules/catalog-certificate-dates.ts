import { whyOutdated } from '../certificate-dates.ts';
import { defineRule } from '../define.ts';
import { ownSignedFiles } from '../own-signatures.ts';

export const catalogCertificateDates = defineRule({
  id: 'catalog/certificate-dates',
  severity: 'warning',
  scope: 'tree',
  explain: `The certificate that signed a catalog was not valid at the time of the timestamp or, without a timestamp, at the date of the release (SOURCE_DATE_EPOCH, else the newest changelog entry).
Windows accepts an expired certificate only with a valid timestamp of a public authority from before the expiry; otherwise it rejects the signature at installation (CERT_E_EXPIRED, 0x800B0101).
Sign the catalog again with a valid certificate and a timestamp ("signtool sign /tr", "osslsigncode sign -ts").
The signature state in reports ignores dates: it says who signed.
The rule never uses today's date, so that a release gets the same result whenever it is built. "pvdisc inspect" has no release date: it gives the day on which a signature without a timestamp expires, when its certificate is by a public authority. sign/short-lived-certificate judges the certificate with which a release signs itself.`,
  check: ({ facts, epoch, tree }) => {
    const own = new Set(ownSignedFiles(tree));
    return [...facts].flatMap(([path, { catalog }]) => {
      if (own.has(path)) return [];
      const message = catalog?.signature.signers
        .map((signer) => whyOutdated(signer, epoch))
        .find((why) => why !== undefined);
      if (message === undefined) return [];
      return [{ path, message, hint: 'sign the catalog again with a valid certificate and a timestamp' }];
    });
  },
});
