import type { Content } from '../core/content.ts';
import type { Signer } from '../formats/signature/signed-data.ts';

/** The name, in the folder of a release, of the signatures of its drivers: an input that the build keeps. */
export const driverSignaturesName = 'signatures.json';

/** The certificate that a release's drivers are signed with; `sha256` is its digest (DER), `chain` those of its issuers. */
export interface SigningCertificate {
  readonly name: string;
  readonly sha256: string;
  /** ISO 8601, in UTC. */
  readonly validFrom: string;
  readonly validTo: string;
  readonly chain: readonly string[];
  /** All of them in PEM, that of the key first, the root last. */
  readonly pem: readonly string[];
}

/** What signing did to a catalog or binary. All digests are sha256; `to` is that of the file on the disc. */
export interface SignedDiscFile {
  /** Path on the disc. */
  readonly path: string;
  /** `made`: a catalog that the build made and signed; `unchanged`: signed by this certificate before; `kept`: signed by Microsoft. */
  readonly state: 'made' | 'signed' | 'unchanged' | 'kept';
  /** The file in its source, where that is another. */
  readonly from?: string;
  readonly to: string;
  /** What the key signed: the key of its signature in `signatures.json`. */
  readonly digest?: string;
  /** Who signed the file before, where that signature was replaced. */
  readonly replaced?: string;
}

/** How a release's drivers were signed; in a check, which has no key, how they will be. */
export interface TreeSigning {
  readonly certificate: SigningCertificate;
  /** Sorted by path. */
  readonly files: readonly SignedDiscFile[];
  /** The signatures and timestamps; absent in a check. */
  readonly signatures?: Content;
  /** In a check, the signer that the rules find in the `made` and `signed` files, which have no signature yet. */
  readonly pending?: Signer;
}

const dayLength = 86_400;

/** Shorter than the life of any disc. */
const fewestDays = 365;

/** Returns the days from a date (seconds since 1970) to the end of a certificate, where these are less than a year; negative when it ended before. */
export function shortLifeOf(
  { validTo }: Pick<SigningCertificate, 'validTo'>,
  epoch: number,
): number | undefined {
  const days = Math.floor((Date.parse(validTo) / 1000 - epoch) / dayLength);
  return days < fewestDays ? days : undefined;
}
