import type { Certificate } from '../../formats/signature/certificate.ts';
import type { Signer } from '../../formats/signature/signed-data.ts';
import { provenTime, type Timestamp } from '../../formats/signature/timestamp.ts';
import { defineRule } from '../define.ts';
import { day, ownSignedFiles } from '../own-signatures.ts';

export const catalogCertificateDates = defineRule({
  id: 'catalog/certificate-dates',
  severity: 'warning',
  scope: 'tree',
  explain: `The certificate that signed a catalog was not valid at the time of the timestamp or, without a timestamp, at the date of the release (SOURCE_DATE_EPOCH, else the newest changelog entry).
Windows accepts an expired certificate only with a valid timestamp of a public authority from before the expiry; otherwise it rejects the signature at installation (CERT_E_EXPIRED, 0x800B0101).
Sign the catalog again with a valid certificate and a timestamp ("signtool sign /tr", "osslsigncode sign -ts").
The signature state in reports ignores dates: it says who signed.
The rule never uses today's date, so that a release gets the same result whenever it is built. "pvdisc inspect" has no release date: without a timestamp it reports only a certificate that ends before it begins. sign/short-lived-certificate judges the certificate with which a release signs itself.`,
  check: ({ facts, epoch, tree }) => {
    const own = new Set(ownSignedFiles(tree));
    return [...facts].flatMap(([path, { catalog }]) => {
      if (own.has(path)) return [];
      const message = catalog?.signature.signers
        .map((signer) => whyOutside(signer, epoch))
        .find((why) => why !== undefined);
      if (message === undefined) return [];
      return [{ path, message, hint: 'sign the catalog again with a valid certificate and a timestamp' }];
    });
  },
});

/** Skips broken signatures, which catalog/broken-signature reports. A timestamp counts only if it is valid and by a public authority. */
function whyOutside(
  { certificate, problem, timestamp }: Signer,
  epoch: number | undefined,
): string | undefined {
  if (certificate === undefined || problem !== undefined) return undefined;
  const proven = provenTime(timestamp);
  if (proven !== undefined) return outside(certificate, proven, `was timestamped on ${day(proven)}`);
  if (certificate.validTo < certificate.validFrom) {
    return `its certificate ends on ${day(certificate.validTo)}, before it begins`;
  }
  if (epoch === undefined) return undefined;
  const date = new Date(epoch * 1000).toISOString();
  return outside(certificate, date, `${noTimestamp(timestamp)} and is released on ${day(date)}`);
}

function noTimestamp(timestamp: Timestamp | undefined): string {
  if (timestamp === undefined) return 'has no timestamp';
  return timestamp.problem === undefined
    ? 'has a timestamp that is not by a public authority'
    : 'has a broken timestamp';
}

/** Compares ISO 8601 times in UTC as text. */
function outside({ validFrom, validTo }: Certificate, time: string, seen: string): string | undefined {
  if (time < validFrom) return `${seen}, but its certificate is valid only from ${day(validFrom)}`;
  return time > validTo ? `${seen}, but its certificate expired on ${day(validTo)}` : undefined;
}
