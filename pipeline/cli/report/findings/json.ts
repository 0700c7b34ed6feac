import { jsonText } from '../json-text.ts';
import type { CheckedTree } from './checked-tree.ts';
import type { FindingsDocument } from './findings-schema.ts';

export function json({ findings, problems, loads, baseline }: CheckedTree): string {
  const document: FindingsDocument = {
    schemaVersion: 1,
    findings: findings.map((finding) => {
      const isNew = baseline?.isNew(finding);
      return isNew === undefined ? finding : { ...finding, new: isNew };
    }),
    ...(problems.length > 0 && { problems: [...problems] }),
    ...(loads !== undefined && { loads }),
    ...(baseline !== undefined && { baseline: { name: baseline.name, gone: [...baseline.gone] } }),
  };
  return jsonText(document);
}
