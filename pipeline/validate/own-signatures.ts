import { provenTime } from '../formats/signature/timestamp.ts';
import type { DriverTree } from '../model/driver-tree.ts';
import { shortLifeOf } from '../model/signing.ts';
import type { ReleaseInput } from './define.ts';

/** Returns the files that the release itself signs without a timestamp of a public authority. A check has no timestamps, and takes those that the release asks for as given. */
export function untimedFiles({ tree: { signing }, facts, manifest }: ReleaseInput): string[] {
  if (signing === undefined) return [];
  const isPromised = signing.pending !== undefined && (manifest.release.sign?.timestamps.length ?? 0) > 0;
  if (isPromised) return [];
  return ownSignedFiles({ signing }).filter((path) => {
    const { catalog, signatures = [] } = facts.get(path) ?? {};
    const signers = [...(catalog?.signature.signers ?? []), ...signatures.flatMap((one) => one.signers)];
    return signers.every(({ timestamp }) => provenTime(timestamp) === undefined);
  });
}

/** Returns the paths of the files that have, or will have, a signature of the release's own certificate. */
export function ownSignedFiles({ signing }: Pick<DriverTree, 'signing'>): string[] {
  return (signing?.files ?? []).filter(({ state }) => state !== 'kept').map(({ path }) => path);
}

/** Returns the day of an ISO 8601 time. */
export function day(time: string): string {
  return time.slice(0, 10);
}

/** Returns the days from the release's date to the end of its certificate, where these are less than a year and files have no timestamp; negative when it ended before. */
export function shortLife(input: ReleaseInput): number | undefined {
  const { tree, epoch } = input;
  if (tree.signing === undefined || epoch === undefined || untimedFiles(input).length === 0) return undefined;
  return shortLifeOf(tree.signing.certificate, epoch);
}
