/** Architecture names of the disc's folders (upstream's names; the case is an interface). */
export const archNames = ['x86', 'amd64', 'ARM64'] as const;
export type Arch = (typeof archNames)[number];

/** The names of an architecture in other schemes. */
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

/** The last build by first build, for each Windows with several builds (Microsoft, "Windows release health"). */
const lastBuilds: ReadonlyMap<number, number> = new Map([
  [10240, 19045],
  [22000, 26200],
]);

/** Returns the newest build of the Windows with this first build: 19045 (22H2) for Windows 10 (10240). */
export function lastBuild(first: number): number {
  return lastBuilds.get(first) ?? first;
}

/** Returns whether a Windows is XP or Server 2003; an unknown one is not. */
export function isBeforeVista(row: { readonly version: string } | undefined): boolean {
  return row !== undefined && Number(row.version.split('.')[0]) < 6;
}

/** Returns whether a Windows is 10 or later, or a server of its time; an unknown one is not. */
export function isWindows10(row: { readonly version: string } | undefined): boolean {
  return Number(row?.version.split('.')[0] ?? 0) >= 10;
}
