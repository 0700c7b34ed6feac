import { checksumsText, sha256Of } from '../formats/sums.ts';
import type { ReleaseRecord } from '../model/record.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { provenanceText } from './provenance.ts';

/** A document beside the discs and packages of a release. */
export interface ReleaseDocument {
  readonly name: string;
  readonly text: string;
}

/** Names of the record, of the checksums of all files but the signatures, and of their signature. */
export const recordName = 'release.json';
export const sumsName = 'SHA256SUMS';
export const signatureName = `${sumsName}.asc`;

export const provenanceSuffix = '.intoto.json';

export const billSuffix = '.cdx.json';

/** Returns the name of the signed provenance, which SHA256SUMS does not list. */
export function bundleOf(provenance: string): string {
  return provenance.replace(/\.intoto\.json$/, '.sigstore.json');
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

/** The release as a page for people. */
export const pageName = 'report.html';

/**
 * Returns all documents of a release, which depend only on the record; the checksums come last. The provenance has the page as a
 * byproduct, not as a subject: it repeats the record, and a later pvdisc draws it in another way.
 */
export function releaseDocuments(record: ReleaseRecord, page?: string): ReleaseDocument[] {
  const pages = page === undefined ? [] : [{ name: pageName, text: page }];
  const recordFile = { name: recordName, text: `${JSON.stringify(record, null, 2)}\n` };
  const bom = { name: `${record.name}-${record.version}${billSuffix}`, text: billOfMaterials(record) };
  const provenance = {
    name: `${record.name}-${record.version}${provenanceSuffix}`,
    text: provenanceText(record, [bom, recordFile, ...pages].map(digested)),
  };
  const documents = [recordFile, bom, provenance, ...pages];
  const sums = checksumsText([...artifactsOf(record), ...documents.map(digested)]);
  return [...documents, { name: sumsName, text: sums }];
}

function digested({ name, text }: ReleaseDocument) {
  return { name, sha256: sha256Of(text) };
}
