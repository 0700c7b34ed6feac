import { jsonText } from '../json-text.ts';
import type { CheckedTree } from './checked-tree.ts';
import type { FindingsDocument } from './findings-schema.ts';

/** Returns all findings as one JSON document (`pvdisc schema findings`). */
export function json({ findings, problems }: CheckedTree): string {
  const document: FindingsDocument = {
    schemaVersion: 1,
    findings: [...findings],
    ...(problems.length > 0 && { problems: [...problems] }),
  };
  return jsonText(document);
}
