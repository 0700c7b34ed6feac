import { checksumsText, sha256Of } from '../formats/sums.ts';
import type { ReleaseRecord } from '../model/record.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { artifactsOf, billSuffix, provenanceSuffix, recordName, sumsName } from './document-names.ts';
import { provenanceText } from './provenance.ts';

/** A document beside the discs and packages of a release. */
export interface ReleaseDocument {
  readonly name: string;
  readonly text: string;
}

/** Returns all documents of a release, which depend only on the record; the checksums come last. */
export function releaseDocuments(record: ReleaseRecord): ReleaseDocument[] {
  const recordFile = { name: recordName, text: `${JSON.stringify(record, null, 2)}\n` };
  const bom = { name: `${record.name}-${record.version}${billSuffix}`, text: billOfMaterials(record) };
  const provenance = {
    name: `${record.name}-${record.version}${provenanceSuffix}`,
    text: provenanceText(record, [bom, recordFile].map(digested)),
  };
  const documents = [recordFile, bom, provenance];
  const sums = checksumsText([...artifactsOf(record), ...documents.map(digested)]);
  return [...documents, { name: sumsName, text: sums }];
}

function digested({ name, text }: ReleaseDocument) {
  return { name, sha256: sha256Of(text) };
}
