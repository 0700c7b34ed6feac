import { defineRule } from '../define.ts';
import type { Signer } from '../windows/signed-data.ts';

export const catalogCertificateDates = defineRule({
  id: 'catalog/certificate-dates',
  severity: 'warning',
  scope: 'tree',
  explain: `The certificate that signed a catalog was not valid when the catalog was timestamped.
Windows accepts an expired certificate only with a timestamp from before its end, and otherwise takes the driver package for unsigned (CERT_E_EXPIRED, 0x800B0101).
Sign the catalog anew with a certificate that is valid, and with a timestamp ("signtool sign /tr", "osslsigncode sign -ts").`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { catalog }]) => {
      const message = catalog?.signature.signers.map(whyOutside).find((why) => why !== undefined);
      if (message === undefined) return [];
      return [{ path, message, hint: 'sign the catalog anew with a valid certificate and a timestamp' }];
    }),
});

/** A broken signature is for catalog/broken-signature to report; without a good timestamp there is no date to judge by but today's. */
function whyOutside({ certificate, problem, timestamp }: Signer): string | undefined {
  if (certificate === undefined || problem !== undefined) return undefined;
  const { validFrom, validTo } = certificate;
  if (timestamp === undefined || timestamp.problem !== undefined) return undefined;
  const seen = `was timestamped on ${day(timestamp.time)}`;
  if (timestamp.time < validFrom) return `${seen}, and its certificate is valid from ${day(validFrom)} on`;
  return timestamp.time > validTo ? `${seen}, and its certificate ended on ${day(validTo)}` : undefined;
}

function day(time: string): string {
  return time.slice(0, 10);
}
