import type { Catalog } from '../formats/catalog/catalog.ts';
import { membersOf } from '../formats/catalog/file-digests.ts';
import { brokenSignature } from '../formats/signature/broken.ts';
import { type SignatureState, signatureState, signerName } from '../formats/signature/signature.ts';
import type { Signer } from '../formats/signature/signed-data.ts';
import type { SignatureVerdict } from '../model/signature-verdict.ts';
import type { PayloadFile } from './facts.ts';

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
