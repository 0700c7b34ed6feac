import { driverVerParts, isoDate } from '../formats/inf/version.ts';

/** How the `DriverVer` of two packages compare: `by` is positive if the second is later. */
export interface VersionOrder {
  readonly by: number;
  /** Whether the later version has the earlier date; Windows compares dates first (Microsoft, "How Windows Ranks Drivers"). */
  readonly outranked: boolean;
}

/** Compares two values of `DriverVer` by version, then by date; what is malformed or absent does not count. */
export function compareDriverVer(from: string | undefined, to: string | undefined): VersionOrder {
  const [old, now] = [parts(from), parts(to)];
  const byVersion =
    old.version === undefined || now.version === undefined ? 0 : order(old.version, now.version);
  const byDate = old.date === undefined || now.date === undefined ? 0 : order(old.date, now.date);
  return { by: byVersion === 0 ? byDate : byVersion, outranked: byVersion * byDate < 0 };
}

function parts(driverVer = ''): { readonly version?: number[]; readonly date?: number[] } {
  const [date = '', version = ''] = driverVerParts(driverVer);
  const iso = isoDate(date);
  return {
    ...(/^\d{1,5}(\.\d{1,5}){0,3}$/.test(version) && { version: version.split('.').map(Number) }),
    ...(iso !== undefined && { date: iso.split('-').map(Number) }),
  };
}

function order(from: readonly number[], to: readonly number[]): number {
  for (let at = 0; at < Math.max(from.length, to.length); at++) {
    const by = Math.sign((to[at] ?? 0) - (from[at] ?? 0));
    if (by !== 0) return by;
  }
  return 0;
}
