import { allSigners } from '../formats/signature/signature.ts';
import type { Signer } from '../formats/signature/signed-data.ts';
import { compareNtVersions } from '../formats/windows/nt-version.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';

/** Returns what in the signatures of a file uses MD5; skips what is broken, which other rules report. */
export function md5Part(signers: readonly Signer[]): string | undefined {
  return allSigners(signers)
    .map(({ problem, digestAlgorithm, timestamp }) => {
      if (problem !== undefined) return undefined;
      if (digestAlgorithm === 'md5') return 'its signature';
      return timestamp?.problem === undefined && timestamp?.digestAlgorithm === 'md5'
        ? 'the timestamp of its signature'
        : undefined;
    })
    .find((part) => part !== undefined);
}

/** Returns whether a Windows is one for which Microsoft names SHA-2 alone and every valid signature of a file uses SHA-1: Windows 11. */
export function isSha1OnWindows11(
  signers: readonly Signer[],
  row: Pick<TargetRow, 'version'> | undefined,
): boolean {
  if (row === undefined || compareNtVersions(row.version, '10.0.22000') < 0) return false;
  const algorithms = allSigners(signers).filter(({ problem }) => problem === undefined);
  return algorithms.length > 0 && algorithms.every(({ digestAlgorithm }) => digestAlgorithm === 'sha1');
}
