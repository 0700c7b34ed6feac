import { peChecksum, peFacts } from './pe-facts.ts';
import { type DriverFolderOptions, driverFolder, type Tree } from './tree.ts';

/** How a PE file of `buildPe` is changed; it needs a `.data` section of 2,048 bytes, whose content goes. */
export interface PeChanges {
  /** Functions by library. */
  readonly imports?: Readonly<Record<string, readonly string[]>>;
  /** `WDF_BIND_INFO` of KMDF; with `minimum`, `WDF_BIND_INFO2`. */
  readonly wdf?: { readonly minor: number; readonly minimum?: number };
  /** Path of the program database. */
  readonly symbolPath?: string;
  readonly isDebug?: boolean;
  readonly subsystem?: number;
  readonly entryPoint?: number;
  readonly sectionAlignment?: number;
  /** Name and characteristics of the first section. */
  readonly firstSection?: { readonly name: string; readonly characteristics: number };
  /** Puts the import addresses into the first section. */
  readonly importsInCode?: boolean;
  /** Bytes of the first section in memory. */
  readonly virtualSize?: number;
  /** Default: the right one. */
  readonly checksum?: number;
}

/** Offsets in `.data`: import descriptors, lookup tables, names; names and structures of WDF; the debug directory. */
const places = {
  lookup: 0x80,
  names: 0x180,
  wdfName: 0x400,
  wdfInfo: 0x440,
  wdfMinimum: 0x4c0,
  debug: 0x500,
};

/** Returns a copy of a PE file with changes, and the right checksum. */
export function changedPe(bytes: Uint8Array, changes: PeChanges): Buffer {
  const file = Buffer.from(bytes);
  const facts = peFacts(file);
  const optional = facts.checksumOffset - 64;
  const data = facts.sections.find(({ name }) => name === '.data');
  if (data === undefined) throw new Error('the file has no section .data');
  const at = { offset: data.rawOffset, rva: data.rva, is64: facts.magic === 0x20b, base: facts.imageBase };
  const directory = (index: number, rva: number, size: number) => {
    file.writeUInt32LE(rva, facts.directories + 8 * index);
    file.writeUInt32LE(size, facts.directories + 8 * index + 4);
  };
  if (changes.imports !== undefined) {
    file.fill(0, at.offset, at.offset + places.wdfName);
    writeImports(file, at, changes.imports);
    directory(1, at.rva, 20 * (Object.keys(changes.imports).length + 1));
  }
  if (changes.wdf !== undefined) writeBinding(file, at, changes.wdf);
  if (changes.symbolPath !== undefined) {
    writeSymbolPath(file, at, changes.symbolPath);
    directory(6, at.rva + places.debug, 28);
  }
  if (changes.isDebug) file.writeUInt32LE(1, file.indexOf(Buffer.from('bd04effe', 'hex')) + 28);
  if (changes.subsystem !== undefined) file.writeUInt16LE(changes.subsystem, optional + 68);
  if (changes.entryPoint !== undefined) file.writeUInt32LE(changes.entryPoint, optional + 16);
  if (changes.sectionAlignment !== undefined) file.writeUInt32LE(changes.sectionAlignment, optional + 32);
  const firstHeader = facts.headersEnd - 40 * facts.sections.length;
  if (changes.firstSection !== undefined) {
    file.fill(0, firstHeader, firstHeader + 8);
    file.write(changes.firstSection.name, firstHeader, 'latin1');
    file.writeUInt32LE(changes.firstSection.characteristics, firstHeader + 36);
  }
  if (changes.virtualSize !== undefined) file.writeUInt32LE(changes.virtualSize, firstHeader + 8);
  if (changes.importsInCode) directory(12, facts.sections[0]?.rva ?? 0, 16);
  file.writeUInt32LE(changes.checksum ?? peChecksum(file), facts.checksumOffset);
  return file;
}

/** Returns a driver folder whose `.sys` is changed. */
export function driverWith(folder: string, changes: PeChanges, options: DriverFolderOptions = {}): Tree {
  const tree = driverFolder(folder, { ...options, pe: { payloadSize: 2048, ...options.pe } });
  const path = `${folder}/${options.name ?? 'viostor'}.sys`;
  return { ...tree, [path]: changedPe(Buffer.from(tree[path] ?? ''), changes) };
}

interface DataSection {
  readonly offset: number;
  readonly rva: number;
  readonly is64: boolean;
  readonly base: number;
}

function writeImports(file: Buffer, at: DataSection, imports: NonNullable<PeChanges['imports']>): void {
  let lookup = places.lookup;
  let names = places.names;
  const name = (text: string) => {
    const place = names;
    file.write(`${text}\0`, at.offset + place, 'latin1');
    names += text.length + 1;
    return at.rva + place;
  };
  for (const [index, [library, functions]] of Object.entries(imports).entries()) {
    const descriptor = at.offset + 20 * index;
    file.writeUInt32LE(at.rva + lookup, descriptor);
    file.writeUInt32LE(name(library), descriptor + 12);
    file.writeUInt32LE(at.rva + lookup, descriptor + 16);
    for (const entry of functions) {
      file.writeUInt32LE(name(`\0\0${entry}`), at.offset + lookup);
      lookup += at.is64 ? 8 : 4;
    }
    lookup += at.is64 ? 8 : 4;
  }
}

function writeBinding(file: Buffer, at: DataSection, { minor, minimum }: NonNullable<PeChanges['wdf']>) {
  const pointerBytes = at.is64 ? 8 : 4;
  const pointer = (value: number, offset: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(at.base + at.rva + value));
    bytes.copy(file, at.offset + offset, 0, pointerBytes);
  };
  const size = at.is64 ? 0x30 : 0x20;
  file.fill(0, at.offset + places.wdfName, at.offset + places.debug);
  file.write('KmdfLibrary\0', at.offset + places.wdfName, 'utf16le');
  file.writeUInt32LE(minimum === undefined ? size : size + 5 * pointerBytes, at.offset + places.wdfInfo);
  pointer(places.wdfName, places.wdfInfo + pointerBytes);
  file.writeUInt32LE(1, at.offset + places.wdfInfo + 2 * pointerBytes);
  file.writeUInt32LE(minor, at.offset + places.wdfInfo + 2 * pointerBytes + 4);
  if (minimum === undefined) return;
  pointer(places.wdfMinimum, places.wdfInfo + size);
  file.writeUInt32LE(minimum, at.offset + places.wdfMinimum);
}

function writeSymbolPath(file: Buffer, { offset, rva }: DataSection, path: string): void {
  const data = Buffer.concat([Buffer.from('RSDS'), Buffer.alloc(20), Buffer.from(`${path}\0`)]);
  const entry = offset + places.debug;
  file.fill(0, entry, entry + 28);
  file.writeUInt32LE(2, entry + 12);
  file.writeUInt32LE(data.length, entry + 16);
  file.writeUInt32LE(rva + places.debug + 28, entry + 20);
  file.writeUInt32LE(entry + 28, entry + 24);
  data.copy(file, entry + 28);
}
