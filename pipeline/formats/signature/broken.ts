import { allSigners } from './signature.ts';
import type { Signer } from './signed-data.ts';

/** Returns why the first broken timestamp of signers, nested ones included, is broken; where the signature itself is broken, nothing is asked of its time. */
export function brokenTimestamp(signers: readonly Signer[]): string | undefined {
  return allSigners(signers).find(({ problem, timestamp }) => problem === undefined && timestamp?.problem)
    ?.timestamp?.problem;
}

/** Returns why the first broken signature of signers, nested ones included, is broken. */
export function brokenSignature(signers: readonly Signer[]): string | undefined {
  return allSigners(signers).find(({ problem }) => problem !== undefined)?.problem;
}
