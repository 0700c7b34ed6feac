import type { Manifest } from '../manifest/manifest.ts';
import type { DriverTree } from '../model/driver-tree.ts';
import type { Finding, Severity } from '../model/finding.ts';
import type { TreeFacts } from './facts.ts';
import type { PackageFacts } from './package-facts.ts';

/** A driver tree and the facts read from its files. */
export interface TreeInput {
  readonly tree: DriverTree;
  readonly facts: TreeFacts;
  readonly packages: readonly PackageFacts[];
  /** Date of the release in seconds since 1970 (UTC), the reference for date checks; never today's date, absent in `pvdisc inspect`. */
  readonly epoch?: number;
}

/** A driver tree and the manifest of its release. */
export interface ReleaseInput extends TreeInput {
  readonly manifest: Manifest;
}

interface RuleHead {
  readonly id: `${string}/${string}`;
  readonly severity: Severity;
  /** The problem, its effect on Windows, and the fix; printed by `pvdisc check --explain`. */
  readonly explain: string;
}

/** A rule that checks each driver package separately. */
export interface PackageRule extends RuleHead {
  readonly scope: 'package';
  readonly check: (driverPackage: PackageFacts) => readonly Violation[];
}

/** A rule that checks the whole tree. */
export interface TreeRule extends RuleHead {
  readonly scope: 'tree';
  readonly check: (input: TreeInput) => readonly Violation[];
}

/** A rule that checks a tree against its release's manifest; skipped without a manifest, as in `pvdisc inspect`. */
export interface ReleaseRule extends RuleHead {
  readonly scope: 'release';
  readonly check: (input: ReleaseInput) => readonly Violation[];
}

/** One check, in its own file in `rules/` and listed in `rules/index.ts`; its id is `area/what-is-wrong`. */
export type Rule = PackageRule | TreeRule | ReleaseRule;

/** A finding before the rule's id and severity are added. */
export interface Violation extends Omit<Finding, 'rule' | 'severity'> {
  /** The driver lacks a signature, and no more is wrong: `unsigned` of a release accepts it. */
  readonly lacksSignature?: true;
}

/** Declares a rule (identity, for inference). */
export function defineRule<R extends Rule>(rule: R): R {
  return rule;
}
