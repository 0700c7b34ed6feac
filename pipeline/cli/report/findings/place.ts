import type { DriverTree, Origin } from '../../../model/driver-tree.ts';
import type { Finding } from '../../../model/finding.ts';

/** Returns `path:line` of a finding, or its path alone. */
export function placeOf({ path, line }: Pick<Finding, 'path' | 'line'>): string {
  return line === undefined ? path : `${path}:${line}`;
}

/** Returns where the files of a tree come from, by their path on the disc; those too that are only beside a driver. */
export function originsByPath({
  files,
  unnamed,
}: Pick<DriverTree, 'files' | 'unnamed'>): ReadonlyMap<string, Origin> {
  return new Map([...files, ...unnamed].map(({ path, origin }) => [path, origin]));
}
