import type { Problem } from '../../../core/errors.ts';
import type { DriverTree, Origin } from '../../../model/driver-tree.ts';
import type { AcceptedFinding, Finding } from '../../../model/finding.ts';

/** Findings of a check and the origins of its files. */
export interface CheckedTree {
  readonly findings: readonly AcceptedFinding[];
  /** Problems of the release itself, or the reason why it could not be checked. */
  readonly problems: readonly Problem[];
  readonly tree: Pick<DriverTree, 'files' | 'packages' | 'unnamed'>;
}

/** `version` is the version of pvdisc, `root` the folder of files that can be annotated, `scratch` the temporary folder. */
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

/** Returns the origins of files by their path on the disc, including files beside a driver that no INF names. */
export function originsByPath({
  files,
  unnamed,
}: Pick<DriverTree, 'files' | 'unnamed'>): ReadonlyMap<string, Origin> {
  return new Map(
    [...files, ...unnamed].flatMap(({ path, origin }) =>
      origin === undefined ? [] : [[path, origin] as const],
    ),
  );
}
