import { PipelineError } from '../core/errors.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import { targetPath } from './target.ts';

/** Returns the words of `OS` of a catalog for some targets in the order of Inf2Cat: by Windows version, clients before servers; throws where targets.yaml lacks them. */
export function catalogOs(rows: readonly TargetRow[]): string[] {
  const unnamed = rows.filter(({ catalog }) => catalog === undefined);
  if (unnamed.length > 0)
    throw new PipelineError(
      'input',
      unnamed.map((row) => ({
        place: `target ${targetPath(row)}`,
        message: 'targets.yaml does not say what a catalog calls it',
        hint: 'add "catalog" to its row, such as catalog: [_v100_X64]',
      })),
    );
  return [...new Set(rows.toSorted(byVersion).flatMap(({ catalog = [] }) => catalog))];
}

function byVersion(a: TargetRow, b: TargetRow): number {
  const [left, right] = [sortKey(a), sortKey(b)];
  const at = left.findIndex((number, index) => number !== right[index]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

function sortKey({ version, product }: TargetRow): number[] {
  return [...version.split('.').map(Number), product === 'server' ? 1 : 0];
}
