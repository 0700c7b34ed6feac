import type { Manifest } from '../manifest/manifest.ts';
import type { DriverTree } from '../model/driver-tree.ts';
import type { Finding, Severity } from '../model/finding.ts';
import type { TreeFacts } from './facts.ts';
import type { PackageFacts } from './package-facts.ts';

/** A tree with what its files say of themselves. */
export interface TreeInput {
  readonly tree: DriverTree;
  readonly facts: TreeFacts;
  readonly packages: readonly PackageFacts[];
  /** Date of the release in seconds since 1970 (UTC), by which dates are judged; never today's, and absent in `pvdisc inspect`. */
  readonly epoch?: number;
}

/** A tree and the release that it was collected for. */
export interface ReleaseInput extends TreeInput {
  readonly manifest: Manifest;
}

interface RuleHead {
  readonly id: `${string}/${string}`;
  readonly severity: Severity;
  /** What is wrong, what happens on Windows, and what to do: for `pvdisc check --explain`. */
  readonly explain: string;
}

/** A rule that judges each driver package alone. */
export interface PackageRule extends RuleHead {
  readonly scope: 'package';
  readonly check: (driverPackage: PackageFacts) => readonly Violation[];
}

/** A rule that compares what lies in one tree. */
export interface TreeRule extends RuleHead {
  readonly scope: 'tree';
  readonly check: (input: TreeInput) => readonly Violation[];
}

/** A rule that judges a tree by its release's manifest; it does not run where there is none, as in `pvdisc inspect`. */
export interface ReleaseRule extends RuleHead {
  readonly scope: 'release';
  readonly check: (input: ReleaseInput) => readonly Violation[];
}

/** One check. One file per rule in `rules/`, listed in `rules/index.ts`; its id is `area/what-is-wrong`. */
export type Rule = PackageRule | TreeRule | ReleaseRule;

/** What a rule reports; the rule's id and severity are added to it. */
export type Violation = Omit<Finding, 'rule' | 'severity'>;

/** Declares a rule (identity, for inference). */
export function defineRule<R extends Rule>(rule: R): R {
  return rule;
}
