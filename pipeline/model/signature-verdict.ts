import type { SignatureState } from '../formats/signature/signature.ts';

/** Three questions about a driver package's signature that are answered apart, since a catalog can fail any of them alone. */
export interface SignatureVerdict {
  /** Whether the catalog's signature is mathematically right; `none` without a catalog or a signer. */
  readonly integrity: 'good' | 'broken' | 'none';
  /** Paths of the package's files that the catalog does not hold; empty when it holds all, or without a catalog. */
  readonly uncovered: readonly string[];
  /** Who signed the catalog. */
  readonly trust: SignatureState;
  readonly signer?: string;
  /** ISO 8601, in UTC. */
  readonly timestamp?: string;
}
