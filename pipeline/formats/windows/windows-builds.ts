/** The last build of each Windows that kept its name over several builds, by its first (Microsoft, "Windows release health"). */
const lastBuilds: ReadonlyMap<number, number> = new Map([
  [10240, 19045],
  [22000, 26200],
]);

/** Returns the newest build of the Windows that began with that build: for 10 of 2015 (10240) it is 22H2 (19045). */
export function lastBuild(first: number): number {
  return lastBuilds.get(first) ?? first;
}
