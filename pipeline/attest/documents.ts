import { checksumsText, sha256Of } from '../formats/sums.ts';
import type { ReleaseRecord } from '../model/record.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import {
  artifactsOf,
  billSuffix,
  pageName,
  provenanceSuffix,
  recordName,
  sumsName,
} from './document-names.ts';
import { provenanceText } from './provenance.ts';

/** A document beside the discs and packages of a release. */
export interface ReleaseDocument {
  readonly name: string;
  readonly text: string;
}

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
