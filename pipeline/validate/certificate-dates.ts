import type { Certificate } from '../formats/signature/certificate.ts';
import type { Signer } from '../formats/signature/signed-data.ts';
import { provenTime, type Timestamp } from '../formats/signature/timestamp.ts';
import { day } from './own-signatures.ts';

/**
 * Returns why the certificate of a signer was not valid when it signed or, without a timestamp, is not at the date of the release. Without
 * that date, a signature of a public authority without a timestamp is told with the day on which Windows begins to reject it. Skips broken
 * signatures. A timestamp counts only if it is valid and by a public authority.
 */
export function whyOutdated(
  { certificate, problem, timestamp, authority }: Signer,
  epoch: number | undefined,
): string | undefined {
  if (certificate === undefined || problem !== undefined) return undefined;
  const proven = provenTime(timestamp);
  if (proven !== undefined) return outside(certificate, proven, `was timestamped on ${day(proven)}`);
  if (certificate.validTo < certificate.validFrom) {
    return `its certificate ends on ${day(certificate.validTo)}, before it begins`;
  }
  if (epoch === undefined) {
    return authority === 'public'
      ? `${noTimestamp(timestamp)}: Windows rejects it after ${day(certificate.validTo)}, when its certificate expires`
      : undefined;
  }
  const date = new Date(epoch * 1000).toISOString();
  const fromItsDay = { validFrom: day(certificate.validFrom), validTo: certificate.validTo };
  return outside(fromItsDay, date, `${noTimestamp(timestamp)} and is released on ${day(date)}`);
}

function noTimestamp(timestamp: Timestamp | undefined): string {
  if (timestamp === undefined) return 'has no timestamp';
  return timestamp.problem === undefined
    ? 'has a timestamp that is not by a public authority'
    : 'has a broken timestamp';
}

/** Compares ISO 8601 times in UTC as text. A release is often dated by its day, which may be that on which its certificate begins. */
function outside(
  { validFrom, validTo }: Pick<Certificate, 'validFrom' | 'validTo'>,
  time: string,
  seen: string,
): string | undefined {
  if (time < validFrom) return `${seen}, but its certificate is valid only from ${day(validFrom)}`;
  return time > validTo ? `${seen}, but its certificate expired on ${day(validTo)}` : undefined;
}
