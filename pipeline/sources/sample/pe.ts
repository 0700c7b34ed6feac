import { createHash } from 'node:crypto';
import { calculateCheckSumForPE, Format, NtExecutable, NtExecutableResource } from 'pe-library';
import { Resource } from 'resedit';
import { type Arch, archFacts } from '../../formats/windows/targets.ts';

/** Options of `buildPe`; the version goes into the version resource. */
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

/** A kernel driver, a library or a console program. */
type PeKind = 'sys' | 'dll' | 'exe';

const returnOnly: Readonly<Record<Arch, Readonly<Record<PeKind, readonly number[]>>>> = {
  x86: {
    sys: [0xb8, 0x01, 0x00, 0x00, 0xc0, 0xc2, 0x08, 0x00], // mov eax, 0xc0000001; ret 8
    dll: [0x31, 0xc0, 0xc2, 0x0c, 0x00], // xor eax, eax; ret 12
    exe: [0x31, 0xc0, 0xc3], // xor eax, eax; ret
  },
  amd64: {
    sys: [0xb8, 0x01, 0x00, 0x00, 0xc0, 0xc3], // mov eax, 0xc0000001; ret
    dll: [0x31, 0xc0, 0xc3], // xor eax, eax; ret
    exe: [0x31, 0xc0, 0xc3],
  },
  ARM64: {
    // mov w0, #1; movk w0, #0xc000, lsl #16; ret
    sys: [0x20, 0x00, 0x80, 0x52, 0x00, 0x00, 0xb8, 0x72, 0xc0, 0x03, 0x5f, 0xd6],
    dll: [0x00, 0x00, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6], // mov w0, #0; ret
    exe: [0x00, 0x00, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6],
  },
};

/**
 * Returns machine code for an entry point that only returns: STATUS_UNSUCCESSFUL from `DriverEntry` and FALSE from
 * `DllMain`, so that Windows unloads the file at once, and exit code 0 from a program.
 */
export function entryCode(arch: Arch, kind: PeKind): Uint8Array {
  return Uint8Array.from(returnOnly[arch][kind]);
}

const blockSize = 512;

const blockCount = 5;

const directoryBlock = 4;

/** Returns a valid program database that holds no streams (LLVM, "The MSF File Format"): stands for debug symbols. */
export function buildPdb(): Uint8Array {
  const bytes = Buffer.alloc(blockSize * blockCount);
  bytes.write('Microsoft C/C++ MSF 7.00\r\n\x1aDS', 'latin1');
  const freeBlockMap = 1;
  const directoryBytes = 4;
  const directoryMapBlock = 3;
  const superBlock = [blockSize, freeBlockMap, blockCount, directoryBytes, 0, directoryMapBlock];
  for (const [index, value] of superBlock.entries()) bytes.writeUInt32LE(value, 32 + 4 * index);
  bytes.writeUInt32LE(directoryBlock, blockSize * directoryMapBlock);
  return bytes;
}

/** Four numbers of 16 bits, as in DriverVer and VS_FIXEDFILEINFO. */
export type FileVersion = `${number}.${number}.${number}.${number}`;

/** The content of a version resource. */
interface VersionStrings {
  readonly kind: PeKind;
  readonly version: FileVersion;
  readonly description: string;
  readonly company: string;
  readonly fileName: string;
}

const language = { lang: 0x0409, codepage: 1200 };

const fileTypes: Readonly<Record<PeKind, number>> = {
  sys: Resource.VersionFileType.Driver,
  dll: Resource.VersionFileType.DLL,
  exe: Resource.VersionFileType.App,
};

/** Returns the bytes of a `.rsrc` section for the given RVA that holds one VS_VERSIONINFO, in US English. */
function versionResource(facts: VersionStrings, rva: number): Uint8Array {
  const resources = NtExecutableResource.from(NtExecutable.createEmpty());
  resources.replaceResourceEntry(versionInfo(facts).generateResource());
  const { bin, rawSize } = resources.generateResourceData(rva, 8);
  return new Uint8Array(bin, 0, rawSize);
}

function versionInfo({
  kind,
  version,
  description,
  company,
  fileName,
}: VersionStrings): Resource.VersionInfo {
  const info = Resource.VersionInfo.create(
    language.lang,
    {
      fileFlagsMask: 0x3f,
      fileOS: Resource.VersionFileOS.NT_Windows32,
      fileType: fileTypes[kind],
      fileSubtype: kind === 'sys' ? Resource.VersionFileDriverSubtype.System : 0,
    },
    [],
  );
  info.setStringValues(language, {
    CompanyName: company,
    FileDescription: description,
    InternalName: fileName,
    OriginalFilename: fileName,
    ProductName: description,
  });
  info.setFileVersion(version, language.lang);
  info.setProductVersion(version, language.lang);
  return info;
}
