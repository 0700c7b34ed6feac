import { makePe } from '../formats/pe-file.ts';
import { type CaseOf, casesOf, type HostileCase } from './case.ts';

const unreadable = /\[pe\/unreadable\]/;
const noVersion = /its version resource cannot be read: .* \[pe\/unreadable-version\]/;

/** The headers suffice for the digests, which are not in the catalog. */
const hashed =
  /is installed by viostor\.inf, but its digest is not in viostor\.cat \[catalog\/payload-mismatch\]/;
/** Where `makePe` puts the COFF header, the optional header, its data directories and the section header. */
const coff = 0x44;
const optional = coff + 20;
const directories = optional + 112;
const section = directories + 16 * 8;

const change = (edit: (bytes: Buffer) => void) => () => {
  const bytes = makePe();
  edit(bytes);
  return bytes;
};
const directory = (index: number, address: number, size: number) =>
  change((bytes) => {
    bytes.writeUInt32LE(address, directories + index * 8);
    bytes.writeUInt32LE(size, directories + index * 8 + 4);
  });

/** A resource directory whose only entry is itself. */
function circle(): Buffer {
  const resource = Buffer.alloc(64);
  resource.writeUInt16LE(1, 14);
  resource.writeUInt32LE(16, 16);
  resource.writeUInt32LE(0x80000000, 20);
  return makePe({ section: resource, resource: { rva: 0x1000, size: 64 } });
}

/** A resource directory that says it has 65,535 entries of either kind. */
function crowded(): Buffer {
  const resource = Buffer.alloc(64);
  resource.writeUInt32LE(0xffffffff, 12);
  return makePe({ section: resource, resource: { rva: 0x1000, size: 64 } });
}

/** Sections whose headers are there, and an import directory in the last one. */
function endlessImports(): Buffer {
  const bytes = makePe({ section: Buffer.alloc(0xffff * 40), imports: { rva: 0x1000, size: 40 } });
  bytes.writeUInt16LE(0xffff, coff + 2);
  bytes.copy(bytes, section + 0xfffe * 40, section, section + 40);
  bytes.fill(0, section, section + 40);
  for (let at = 0x300; at + 20 < bytes.length - 40; at += 20) bytes.writeUInt32LE(0x1200, at + 12);
  return bytes;
}

const cases: readonly CaseOf[] = [
  { name: 'of no bytes', bytes: () => Buffer.alloc(0) },
  { name: 'of MZ alone', bytes: () => Buffer.from('MZ') },
  { name: 'of zeros', bytes: () => Buffer.alloc(4096) },
  { name: 'whose header is beyond its end', bytes: change((bytes) => bytes.writeUInt32LE(0xfffffff0, 0x3c)) },
  {
    name: 'whose header is in its last byte',
    bytes: change((bytes) => bytes.writeUInt32LE(bytes.length - 1, 0x3c)),
  },
  { name: 'whose header is its beginning', bytes: change((bytes) => bytes.writeUInt32LE(0, 0x3c)) },
  { name: 'of 65,535 sections', bytes: change((bytes) => bytes.writeUInt16LE(0xffff, coff + 2)) },
  { name: 'of 65,535 sections and imports without end', bytes: endlessImports, says: hashed },
  { name: 'without an optional header', bytes: change((bytes) => bytes.writeUInt16LE(0, coff + 16)) },
  {
    name: 'with an optional header of 64 kB',
    bytes: change((bytes) => bytes.writeUInt16LE(0xffff, coff + 16)),
  },
  { name: 'of an unknown format', bytes: change((bytes) => bytes.writeUInt16LE(0x107, optional)) },
  {
    name: 'of 4 billion directories',
    bytes: change((bytes) => bytes.writeUInt32LE(0xffffffff, directories - 4)),
    says: /./,
  },
  { name: 'with a section of 4 GB', bytes: change((bytes) => bytes.writeUInt32LE(0xffffffff, section + 16)) },
  {
    name: 'with a section beyond its end',
    bytes: change((bytes) => bytes.writeUInt32LE(0xfffffff0, section + 20)),
  },
  { name: 'with resources beyond its end', bytes: directory(2, 0xfffffff0, 100), says: noVersion },
  { name: 'with resources of 4 GB', bytes: directory(2, 0x1000, 0xffffffff), says: noVersion },
  { name: 'with resources in a circle', bytes: circle, says: noVersion },
  { name: 'with a crowd of resources', bytes: crowded, says: noVersion },
  { name: 'with debug data beyond its end', bytes: directory(6, 0xfffffff0, 28), says: hashed },
  { name: 'with debug data of 4 GB', bytes: directory(6, 0x1000, 0xffffffff), says: hashed },
  { name: 'with signatures beyond its end', bytes: directory(4, 0xfffffff0, 100) },
  { name: 'with signatures of 4 GB', bytes: directory(4, 0x200, 0xffffffff) },
  { name: 'with signatures in its header', bytes: directory(4, 8, 16) },
  {
    name: 'with signatures of no bytes each',
    bytes: () => Buffer.concat([directory(4, 0x240, 4096)(), Buffer.alloc(4096)]),
    says: hashed,
  },
  {
    name: 'with a signature of nonsense',
    bytes: () => makePe({ signatures: [Buffer.alloc(5000, 0x30)] }),
    says: hashed,
  },
  {
    name: 'with a signature of endless sequences',
    bytes: () => makePe({ signatures: [Buffer.alloc(400_000, Buffer.from([0x30, 0x80]))] }),
    says: hashed,
    dangerous: true,
  },
  { name: 'cut in its headers', bytes: () => makePe().subarray(0, 0x100) },
  { name: 'cut in its section', bytes: () => makePe().subarray(0, 0x220) },
  {
    name: 'of 600 MB',
    bytes: () => makePe(),
    grownTo: 600 * 2 ** 20,
    says: /has 629145600 bytes; the limit for a driver file is 67108864/,
    dangerous: true,
  },
].map((one) => ({ says: unreadable, ...one }));

/** Hostile PE files. */
export const hostileBinaries: readonly HostileCase[] = casesOf(
  'binary',
  cases.map((one) => ({ ...one, name: `a binary ${one.name}` })),
);
