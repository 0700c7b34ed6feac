import type { KeyObject } from 'node:crypto';
import type { Limits } from '../core/limits.ts';

/** Public keys of the checksums and of the provenance, and limits for packages and discs. */
export interface VerifyOptions {
  readonly key: string | undefined;
  readonly attestKey: KeyObject | undefined;
  readonly limits: Limits;
}
