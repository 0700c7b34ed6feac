import type { FindingsDocument } from './findings-schema.ts';
import type { CheckedTree } from './index.ts';

/** Returns all findings as one JSON document (`pvdisc schema findings`). */
export function json({ findings }: CheckedTree): string {
  const document: FindingsDocument = { schemaVersion: 1, findings: [...findings] };
  return `${JSON.stringify(document, null, 2)}\n`;
}
