import type { ReleaseRecord } from '../model/record.ts';

/** Names of the record, of the checksums of all files but the signatures, and of their signature. */
export const recordName = 'release.json';
export const sumsName = 'SHA256SUMS';
export const signatureName = `${sumsName}.asc`;

export const provenanceSuffix = '.intoto.json';

const bundleSuffix = '.sigstore.json';

export const billSuffix = '.cdx.json';

/** The release as a page for people. */
export const pageName = 'report.html';

/** Returns the name of the signed provenance, which SHA256SUMS does not list. */
export function bundleOf(provenance: string): string {
  return provenance.replace(/\.intoto\.json$/, bundleSuffix);
}

/** Tells whether a file has the name of a signed provenance. */
export function isBundle(name: string): boolean {
  return name.endsWith(bundleSuffix);
}

/** Returns the names of the files of a release that are no documents: discs, packages, and the signatures of the drivers. */
export function artifactsOf({ iso, symbols, artifacts, signing }: ReleaseRecord) {
  return [
    iso,
    ...(symbols === undefined ? [] : [symbols]),
    ...artifacts,
    ...(signing === undefined ? [] : [signing.signatures]),
  ];
}
