import { slice, u16, u32 } from '../binary.ts';
import { FormatError } from '../format-error.ts';
import { bytesAt, directoryBytes, directoryIndex, type PeHeaders, readPeHeaders } from './headers.ts';

/** The version resource of a PE file. The fixed numbers are authoritative; the strings may have more text (`1.2.3.4 built by: …`). */
export interface PeVersion {
  readonly fileVersion: string;
  readonly productVersion: string;
  /** `VS_FF_DEBUG`, which the checked build of a driver sets. */
  readonly isDebug: boolean;
  /** `CompanyName`, `FileDescription` … of the first language. */
  readonly strings: Readonly<Record<string, string>>;
}

const typeVersion = 16;
const subfolder = 0x80000000;
const maxEntries = 4096;

/** Reads `VS_VERSIONINFO` of a PE file, if present; FormatError when the resource is malformed. */
export function readPeVersion(bytes: Uint8Array): PeVersion | undefined {
  const headers = readPeHeaders(bytes);
  const directory = headers.directories[directoryIndex.resource];
  if (directory === undefined || directory.size === 0) return undefined;
  const resources = directoryBytes(bytes, headers, directory, 'resources');
  const data = findVersion(resources);
  return data === undefined ? undefined : parseVersion(readData(bytes, headers, resources, data));
}

function findVersion(resources: Uint8Array): number | undefined {
  const names = folderEntries(resources, 0).find(({ id }) => id === typeVersion)?.target;
  if (names === undefined) return undefined;
  const languages = enterFolder(resources, names);
  return languages === undefined ? undefined : enterFolder(resources, languages);
}

function enterFolder(resources: Uint8Array, target: number): number | undefined {
  if (target < subfolder) throw new FormatError('the version resource is not in a language folder');
  return folderEntries(resources, target - subfolder)[0]?.target;
}

function folderEntries(resources: Uint8Array, offset: number): { id: number; target: number }[] {
  const count =
    u16(resources, offset + 12, 'resource folder') + u16(resources, offset + 14, 'resource folder');
  if (count > maxEntries)
    throw new FormatError(`a resource folder has ${count} entries; the limit is ${maxEntries}`);
  return Array.from({ length: count }, (_, index) => ({
    id: u32(resources, offset + 16 + index * 8, 'resource entry'),
    target: u32(resources, offset + 20 + index * 8, 'resource entry'),
  }));
}

function readData(bytes: Uint8Array, headers: PeHeaders, resources: Uint8Array, offset: number): Uint8Array {
  const address = u32(resources, offset, 'version resource');
  const size = u32(resources, offset + 4, 'version resource');
  return bytesAt(bytes, headers, address, size, 'version resource');
}

function parseVersion(data: Uint8Array): PeVersion {
  const root = readBlock(data, 0);
  if (
    root.key !== 'VS_VERSION_INFO' ||
    root.value.length < 52 ||
    u32(root.value, 0, 'version') !== 0xfeef04bd
  ) {
    throw new FormatError('the version resource has no VS_FIXEDFILEINFO');
  }
  const tables =
    root
      .children()
      .find(({ key }) => key === 'StringFileInfo')
      ?.children() ?? [];
  const strings = (tables[0]?.children() ?? []).map(({ key, value }): [string, string] => [key, text(value)]);
  return {
    fileVersion: fourNumbers(root.value, 8),
    productVersion: fourNumbers(root.value, 16),
    isDebug: (flagsOf(root.value) & debugFlag) !== 0,
    strings: Object.fromEntries(strings),
  };
}

const debugFlag = 1;

/** `dwFileFlags`, of which only those in `dwFileFlagsMask` are valid. */
function flagsOf(fixed: Uint8Array): number {
  return u32(fixed, 28, 'version') & u32(fixed, 24, 'version');
}

function fourNumbers(fixed: Uint8Array, offset: number): string {
  return [2, 0, 6, 4].map((at) => u16(fixed, offset + at, 'version')).join('.');
}

/** A node of the version tree: `wLength, wValueLength, wType, szKey`, padding, value, padding, children. */
interface Block {
  readonly key: string;
  readonly value: Uint8Array;
  readonly length: number;
  readonly children: () => Block[];
}

function readBlock(data: Uint8Array, offset: number): Block {
  const length = u16(data, offset, 'version block');
  if (length < 6) throw new FormatError(`a version block has an invalid length: ${length}`);
  const block = slice(data, offset, length, 'version block');
  const valueLength = u16(block, 2, 'version value') * (u16(block, 4, 'version type') === 1 ? 2 : 1);
  const key = text(block.subarray(6));
  const valueOffset = Math.min(align(6 + key.length * 2 + 2), length);
  const value = block.subarray(valueOffset, valueOffset + valueLength);
  const children = () => readBlocks(block, align(valueOffset + value.length));
  return { key, value, length, children };
}

function readBlocks(data: Uint8Array, start: number): Block[] {
  const blocks: Block[] = [];
  for (let offset = start; offset + 6 <= data.length; ) {
    const block = readBlock(data, offset);
    blocks.push(block);
    offset = align(offset + block.length);
  }
  return blocks;
}

function text(bytes: Uint8Array): string {
  const [before = ''] = Buffer.from(bytes).toString('utf16le').split('\0', 1);
  return before;
}

function align(offset: number): number {
  return Math.ceil(offset / 4) * 4;
}
