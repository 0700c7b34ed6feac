import type { DriverFacts } from './driver-facts.ts';
import type { DriverTree } from './driver-tree.ts';
import type { AcceptedFinding } from './finding.ts';

export declare const validated: unique symbol;

/** A tree that the rules accept; only `validate/validate.ts` can make one. */
export interface ValidatedTree extends DriverTree {
  readonly [validated]: true;
  readonly findings: readonly AcceptedFinding[];
  readonly drivers: readonly DriverFacts[];
}
