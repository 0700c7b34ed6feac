import type { Certificate } from '../../formats/signature/certificate.ts';
import type { Signer } from '../../formats/signature/signed-data.ts';
import { provenTime, type Timestamp } from '../../formats/signature/timestamp.ts';
import { defineRule } from '../define.ts';

export const catalogCertificateDates = defineRule({
  id: 'catalog/certificate-dates',
  severity: 'warning',
  scope: 'tree',
  explain: `The certificate that signed a catalog was not valid when the catalog was timestamped; or, where nobody timestamped it, is not valid at the date of the release (SOURCE_DATE_EPOCH, else the newest entry of its changelog).
Windows accepts an expired certificate only with a good timestamp of a public authority from before its end, and otherwise refuses the signature when the package is installed (CERT_E_EXPIRED, 0x800B0101).
The signature state that is shown does not consider dates: it says who signed, and is the same for a release and for a disc whose date nobody knows.
Sign the catalog anew with a certificate that is valid, and with a timestamp ("signtool sign /tr", "osslsigncode sign -ts").
Today's date is never asked for, so that a release is judged alike whenever it is built. "pvdisc inspect" knows no release and so no date: without a timestamp it tells only of a certificate that ends before it begins.`,
  check: ({ facts, epoch }) =>
    [...facts].flatMap(([path, { catalog }]) => {
      const message = catalog?.signature.signers
        .map((signer) => whyOutside(signer, epoch))
        .find((why) => why !== undefined);
      if (message === undefined) return [];
      return [{ path, message, hint: 'sign the catalog anew with a valid certificate and a timestamp' }];
    }),
});

/** A broken signature is for catalog/broken-signature to report. A timestamp that is broken, or not by a public authority, excuses nothing. */
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
    ? 'has a timestamp of no public authority, which does not count,'
    : 'has a broken timestamp';
}

/** The times are ISO 8601 in UTC, which sort as text. */
function outside({ validFrom, validTo }: Certificate, time: string, seen: string): string | undefined {
  if (time < validFrom) return `${seen}, and its certificate is valid from ${day(validFrom)} on`;
  return time > validTo ? `${seen}, and its certificate ended on ${day(validTo)}` : undefined;
}

function day(time: string): string {
  return time.slice(0, 10);
}
