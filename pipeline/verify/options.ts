import type { KeyObject } from 'node:crypto';
import type { Limits } from '../core/limits.ts';

/** What to verify by: the public keys of who signed the sums and the provenance, and what packages and discs may hold at most. */
export interface VerifyOptions {
  readonly key: string | undefined;
  readonly attestKey: KeyObject | undefined;
  readonly limits: Limits;
}
