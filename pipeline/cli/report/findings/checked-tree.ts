import type { Problem } from '../../../core/errors.ts';
import type { TargetRow } from '../../../manifest/targets-schema.ts';
import type { BaselineComparison } from '../../../model/baseline.ts';
import type { DriverTree, Origin } from '../../../model/driver-tree.ts';
import type { AcceptedFinding, WrittenFinding } from '../../../model/finding.ts';
import type { LoadSummary } from '../../../model/load-summary.ts';

/** Findings of a check and the origins of its files. */
export interface CheckedTree {
  readonly findings: readonly AcceptedFinding[];
  /** Problems of the release itself, or the reason why it could not be checked. */
  readonly problems: readonly Problem[];
  readonly tree: Pick<DriverTree, 'files' | 'packages' | 'unnamed'>;
  readonly targets: readonly Pick<TargetRow, 'os'>[];
  /** Absent where the release could not be checked. */
  readonly loads?: LoadSummary;
  readonly baseline?: NamedComparison;
}

/** A comparison with a baseline; `name` is what the user called it. */
export interface NamedComparison extends BaselineComparison {
  readonly name: string;
}

/** `version` is the version of pvdisc, `root` the folder of files that can be annotated, `scratch` the temporary folder. */
export interface FindingsOptions {
  readonly verbose: boolean;
  /** The only rule whose findings are reported, with all their places. */
  readonly rule?: string;
  readonly colour: boolean;
  /** Width of the terminal; without it, lines are as long as they need. */
  readonly columns?: number;
  readonly version: string;
  readonly root: string;
  readonly scratch: string;
}

/** Returns `path:line` of a finding, or its path alone. */
export function placeOf({ path, line }: Pick<WrittenFinding, 'path' | 'line'>): string {
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
