import type { Problem } from '../../../core/errors.ts';
import type { DriverTree, Origin } from '../../../model/driver-tree.ts';
import type { AcceptedFinding, Finding } from '../../../model/finding.ts';

/** What a check found and where its files come from. */
export interface CheckedTree {
  readonly findings: readonly AcceptedFinding[];
  /** What is wrong with the release itself, or why it could not be checked at all. */
  readonly problems: readonly Problem[];
  readonly tree: Pick<DriverTree, 'files' | 'packages' | 'unnamed'>;
}

/** How findings are shown: `version` is that of pvdisc, `root` the folder that annotated files are below, `scratch` one whose files are nobody's. */
export interface FindingsOptions {
  readonly verbose: boolean;
  readonly colour: boolean;
  readonly version: string;
  readonly root: string;
  readonly scratch: string;
}

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
