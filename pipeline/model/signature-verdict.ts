import type { Catalog } from '../formats/catalog/catalog.ts';
import { membersOf } from '../formats/catalog/file-digests.ts';
import { brokenSignature } from '../formats/signature/broken.ts';
import { type SignatureState, signatureState, signerName } from '../formats/signature/signature.ts';
import type { Signer } from '../formats/signature/signed-data.ts';
import type { PayloadFile } from '../validate/package-facts.ts';

/** Three questions about a driver package's signature that are answered apart, since a catalog can fail any of them alone. */
export interface SignatureVerdict {
  /** Whether the catalog's signature is mathematically right; `none` without a catalog or a signer. */
  readonly integrity: 'good' | 'broken' | 'none';
  /** Paths of the package's files that the catalog does not hold; empty when it holds all, or when there is none. */
  readonly uncovered: readonly string[];
  /** Who signed the catalog. */
  readonly trust: SignatureState;
  readonly signer?: string;
  /** ISO 8601, in UTC. */
  readonly timestamp?: string;
}

/** Judges a driver package's catalog over its INF and the files that this names. */
export function signatureVerdict(
  catalog: Catalog | undefined,
  files: readonly PayloadFile[],
): SignatureVerdict {
  if (catalog === undefined) return { integrity: 'none', uncovered: [], trust: 'unsigned' };
  const { signers } = catalog.signature;
  const uncovered = files
    .filter(({ facts: { digests } }) => digests === undefined || membersOf(catalog, digests).length === 0)
    .map(({ path }) => path);
  const trust = signatureState(signers);
  const signer = signerName(signers);
  const timestamp = signers
    .map((candidate) => candidate.timestamp)
    .find((found) => found?.problem === undefined && found?.time !== undefined)?.time;
  return {
    integrity: integrityOf(signers),
    uncovered,
    trust,
    ...(signer !== undefined && { signer }),
    ...(timestamp !== undefined && { timestamp }),
  };
}

/** Returns what Windows makes of a verdict: a broken signature counts as none, and so does a catalog that lacks a file. */
export function effectiveState({ trust, uncovered }: SignatureVerdict): SignatureState {
  return uncovered.length === 0 ? trust : 'unsigned';
}

function integrityOf(signers: readonly Signer[]): SignatureVerdict['integrity'] {
  if (signers.length === 0) return 'none';
  return brokenSignature(signers) === undefined ? 'good' : 'broken';
}
