import { createHash } from 'node:crypto';
import { calculateCheckSumForPE, Format, NtExecutable } from 'pe-library';
import { type Arch, archFacts } from '../../formats/windows/targets.ts';
import { entryCode, type PeKind } from './entry-code.ts';
import { type VersionStrings, versionResource } from './version-resource.ts';

/** What `buildPe` makes; the version goes into the version resource. */
export interface PeOptions extends VersionStrings {
  readonly arch: Arch;
  /** Bytes of the `.data` section, at least 1; they are derived from `payloadSeed` and do not compress. */
  readonly payloadSize: number;
  readonly payloadSeed: string;
  /** The oldest Windows that loads the file, as `major.minor`. */
  readonly subsystemVersion: `${number}.${number}`;
}

interface Section {
  readonly info: Format.ImageSectionHeader;
  readonly bytes: Uint8Array;
}

interface Place {
  readonly rva: number;
  readonly offset: number;
}

const sectionCount = 3;
const fileAlignment = 0x200;
const sectionAlignment = 0x1000;
const timeDateStamp = Date.UTC(2026, 10, 20) / 1000;
const flags = {
  code: 0x6000_0020,
  data: 0xc000_0040,
  readOnly: 0x4000_0040,
  executable: 0x0002,
  largeAddressAware: 0x0020,
  machine32Bit: 0x0100,
  dll: 0x2000,
};
const subsystems: Readonly<Record<PeKind, number>> = { sys: 1, dll: 2, exe: 3 };

/** Returns an unsigned PE32 (x86) or PE32+ file whose entry point only returns (PE Format specification); same options, same bytes. */
export function buildPe(options: PeOptions): Uint8Array {
  const empty = NtExecutable.createEmpty(options.arch === 'x86', options.kind === 'dll');
  const sections = layOut(options, empty.getTotalHeaderSize());
  const file = new ArrayBuffer(endOf(sections.rsrc).offset);
  const bytes = new Uint8Array(file);
  bytes.set(new Uint8Array(empty.generate()));
  fillHeaders(file, options, sections);
  const table = [sections.text, sections.data, sections.rsrc];
  const headers = Format.ImageSectionHeaderArray.from(file, table.length, empty.getTotalHeaderSize());
  for (const [index, section] of table.entries()) {
    headers.set(index, section.info);
    bytes.set(section.bytes, section.info.pointerToRawData);
  }
  calculateCheckSumForPE(file, true);
  return bytes;
}

function layOut(options: PeOptions, headerSize: number) {
  const first = {
    rva: sectionAlignment,
    offset: roundUp(headerSize + sectionCount * Format.ImageSectionHeaderArray.itemSize, fileAlignment),
  };
  const text = section('.text', flags.code, first, entryCode(options.arch, options.kind));
  const data = section('.data', flags.data, endOf(text), payload(options));
  const place = endOf(data);
  const rsrc = section('.rsrc', flags.readOnly, place, versionResource(options, place.rva));
  return { text, data, rsrc };
}

function section(name: string, characteristics: number, { rva, offset }: Place, bytes: Uint8Array): Section {
  const info = {
    name,
    virtualSize: bytes.length,
    virtualAddress: rva,
    sizeOfRawData: roundUp(bytes.length, fileAlignment),
    pointerToRawData: offset,
    pointerToRelocations: 0,
    pointerToLineNumbers: 0,
    numberOfRelocations: 0,
    numberOfLineNumbers: 0,
    characteristics,
  };
  return { info, bytes };
}

function endOf({ info }: Section): Place {
  return {
    rva: roundUp(info.virtualAddress + info.virtualSize, sectionAlignment),
    offset: info.pointerToRawData + info.sizeOfRawData,
  };
}

function payload({ payloadSeed, payloadSize }: PeOptions): Uint8Array {
  return createHash('shake256', { outputLength: payloadSize }).update(payloadSeed).digest();
}

function fillHeaders(file: ArrayBuffer, options: PeOptions, { text, data, rsrc }: ReturnType<typeof layOut>) {
  const { arch, kind } = options;
  const [major = 0, minor = 0] = options.subsystemVersion.split('.').map(Number);
  const headers = Format.getImageNtHeadersByDosHeader(file, Format.getImageDosHeader(file));
  const { fileHeader, optionalHeader } = headers;
  fileHeader.machine = archFacts[arch].machine;
  fileHeader.numberOfSections = sectionCount;
  fileHeader.timeDateStamp = timeDateStamp;
  fileHeader.characteristics =
    flags.executable |
    (arch === 'x86' ? flags.machine32Bit : flags.largeAddressAware) |
    (kind === 'dll' ? flags.dll : 0);
  if (optionalHeader instanceof Format.ImageOptionalHeader) {
    optionalHeader.baseOfData = data.info.virtualAddress;
    optionalHeader.imageBase = 0x40_0000;
  } else optionalHeader.imageBase = 0x1_4000_0000;
  optionalHeader.sizeOfCode = text.info.sizeOfRawData;
  optionalHeader.sizeOfInitializedData = data.info.sizeOfRawData + rsrc.info.sizeOfRawData;
  optionalHeader.addressOfEntryPoint = text.info.virtualAddress;
  optionalHeader.baseOfCode = text.info.virtualAddress;
  optionalHeader.majorOperatingSystemVersion = major;
  optionalHeader.minorOperatingSystemVersion = minor;
  optionalHeader.majorSubsystemVersion = major;
  optionalHeader.minorSubsystemVersion = minor;
  optionalHeader.sizeOfHeaders = text.info.pointerToRawData;
  optionalHeader.sizeOfImage = endOf(rsrc).rva;
  optionalHeader.subsystem = subsystems[kind];
  headers.optionalHeaderDataDirectory.set(Format.ImageDirectoryEntry.Resource, {
    virtualAddress: rsrc.info.virtualAddress,
    size: rsrc.info.virtualSize,
  });
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
