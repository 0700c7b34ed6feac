import { allSigners } from '../windows/signature.ts';
import type { Signer } from '../windows/signed-data.ts';

/** Returns why the first broken timestamp of signers, nested ones included, is broken. */
export function brokenTimestamp(signers: readonly Signer[]): string | undefined {
  const timestamps = allSigners(signers).flatMap(({ timestamp }) => timestamp ?? []);
  return timestamps.find(({ problem }) => problem !== undefined)?.problem;
}

/** Returns why the first broken signature of signers, nested ones included, is broken. */
export function brokenSignature(signers: readonly Signer[]): string | undefined {
  return allSigners(signers).find(({ problem }) => problem !== undefined)?.problem;
}
