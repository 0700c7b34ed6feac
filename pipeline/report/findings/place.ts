import type { DiscFile, Finding, Origin } from '../../types.ts';

/** Returns `path:line` of a finding, or its path alone. */
export function placeOf({ path, line }: Pick<Finding, 'path' | 'line'>): string {
  return line === undefined ? path : `${path}:${line}`;
}

/** Returns where the files of a tree come from, by their path on the disc. */
export function originsByPath(
  files: readonly Pick<DiscFile, 'path' | 'origin'>[],
): ReadonlyMap<string, Origin> {
  return new Map(files.map(({ path, origin }) => [path, origin]));
}
