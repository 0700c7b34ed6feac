/** Architecture words as the disc's folders have them (upstream's names; the case is an interface). */
export const archNames = ['x86', 'amd64', 'ARM64'] as const;
export type Arch = (typeof archNames)[number];

/** What each other naming scheme calls an architecture. */
interface ArchFacts {
  /** `IMAGE_FILE_HEADER.Machine` (PE format specification). */
  readonly machine: number;
  /** Extension of INF sections and decorations, compared without case. */
  readonly inf: 'x86' | 'amd64' | 'arm64';
  /** Top-level folder of the boot-critical drivers on the disc. */
  readonly bootFolder: 'i386' | 'amd64' | 'ARM64';
}

export const archFacts: Readonly<Record<Arch, ArchFacts>> = {
  x86: { machine: 0x014c, inf: 'x86', bootFolder: 'i386' },
  amd64: { machine: 0x8664, inf: 'amd64', bootFolder: 'amd64' },
  ARM64: { machine: 0xaa64, inf: 'arm64', bootFolder: 'ARM64' },
};

/** The last build of each Windows that kept its name over several builds, by its first (Microsoft, "Windows release health"). */
const lastBuilds: ReadonlyMap<number, number> = new Map([
  [10240, 19045],
  [22000, 26200],
]);

/** Returns the newest build of the Windows that began with that build: for 10 of 2015 (10240) it is 22H2 (19045). */
export function lastBuild(first: number): number {
  return lastBuilds.get(first) ?? first;
}
