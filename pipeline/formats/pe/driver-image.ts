import { peChecksum } from './embed.ts';
import { directoryIndex, maxSections, type PeHeaders, type PeSection, readPeHeaders } from './headers.ts';

/** What decides whether the kernel loads a driver, apart from its imports and its signature. */
export interface DriverImage {
  /** Why no Windows loads it, such as another subsystem; empty in a good driver. */
  readonly problems: readonly string[];
  /** The checksum in the headers and the one of the file. */
  readonly checksum: { readonly held: number; readonly computed: number };
  /** Why memory integrity (HVCI) refuses it; empty in a good driver. */
  readonly memoryIntegrity: readonly string[];
}

const subsystemNative = 1;
const pageSize = 0x1000;
const executable = 0x2000_0000;
const writable = 0x8000_0000;

/** Reads how the kernel sees a driver (Microsoft, "PE Format", "Implement memory integrity compatible code"); FormatError for other input. */
export function readDriverImage(bytes: Uint8Array): DriverImage {
  const headers = readPeHeaders(bytes);
  return {
    problems: [subsystemProblem(headers), sectionProblem(headers), entryProblem(headers)].flatMap(
      (problem) => problem ?? [],
    ),
    checksum: { held: headers.checksum, computed: peChecksum(bytes) },
    memoryIntegrity: memoryIntegrityProblems(headers),
  };
}

function subsystemProblem({ subsystem }: PeHeaders): string | undefined {
  return subsystem === subsystemNative ? undefined : `its subsystem is ${subsystem}, not 1 (native)`;
}

function sectionProblem({ sections }: PeHeaders): string | undefined {
  if (sections.length > maxSections)
    return `it has ${sections.length} sections; Windows loads at most ${maxSections}`;
  const overlapping = sections.find((section, index) => {
    const next = sections[index + 1];
    return next !== undefined && section.address + inMemory(section) > next.address;
  });
  return overlapping === undefined ? undefined : `its section ${overlapping.name} overlaps the next one`;
}

function entryProblem({ entryPoint, sections }: PeHeaders): string | undefined {
  if (entryPoint === 0) return 'it has no entry point';
  return sectionAt(sections, entryPoint) === undefined
    ? `its entry point at RVA 0x${entryPoint.toString(16)} is in no section`
    : undefined;
}

/** INIT is exempt: old linkers make it writable, Windows 10 takes that right away, and it is discarded ("Driver compatibility with Device Guard"). */
function memoryIntegrityProblems({ sections, sectionAlignment, directories }: PeHeaders): string[] {
  const both = sections.filter(
    ({ name, characteristics }) =>
      name !== 'INIT' && isSet(characteristics, executable) && isSet(characteristics, writable),
  );
  const { address, size } = directories[directoryIndex.importAddresses] ?? { address: 0, size: 0 };
  const imports = size === 0 ? undefined : sectionAt(sections, address);
  return [
    ...both.map(({ name }) => `its section ${name} is writable and executable`),
    ...(sectionAlignment % pageSize === 0
      ? []
      : [`its sections are aligned to 0x${sectionAlignment.toString(16)}, not to pages of 0x1000`]),
    ...(imports !== undefined && isSet(imports.characteristics, executable)
      ? [`its import addresses are in the executable section ${imports.name}`]
      : []),
  ];
}

function sectionAt(sections: readonly PeSection[], address: number): PeSection | undefined {
  return sections.find(
    (section) => address >= section.address && address < section.address + inMemory(section),
  );
}

function inMemory({ virtualSize, size }: PeSection): number {
  return virtualSize === 0 ? size : virtualSize;
}

function isSet(characteristics: number, flag: number): boolean {
  return Math.floor(characteristics / flag) % 2 === 1;
}
