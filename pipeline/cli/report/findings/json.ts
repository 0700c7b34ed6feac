import { jsonText } from '../json-text.ts';
import type { CheckedTree } from './checked-tree.ts';
import type { FindingsDocument } from './findings-schema.ts';

export function json({ findings, problems }: CheckedTree): string {
  const document: FindingsDocument = {
    schemaVersion: 1,
    findings: [...findings],
    ...(problems.length > 0 && { problems: [...problems] }),
  };
  return jsonText(document);
}
