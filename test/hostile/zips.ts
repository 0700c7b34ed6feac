import { constants, deflateRawSync } from 'node:zlib';
import { type CaseOf, casesOf, type HostileCase } from './case.ts';
import { hostileNames, hostileTwins } from './names.ts';
import { type ZipEntry, zipArchive } from './zip-archive.ts';

const damaged = /the file is truncated or damaged: /;
const good: ZipEntry = { name: 'good.sys' };

/** Says a name in the extra field of Info-ZIP, which readers may take instead of the entry's own. */
function unicodePath(name: string, crcOf: number): Buffer {
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x7075, 0);
  field.writeUInt16LE(5 + Buffer.byteLength(name), 2);
  field[4] = 1;
  field.writeUInt32LE(crcOf, 5);
  return Buffer.concat([field, Buffer.from(name)]);
}

const special: readonly CaseOf[] = [
  ['a link out', { name: 'l', mode: 0o120777, bytes: Buffer.from('/etc/passwd') }, /is a symbolic link/],
  ['a link up', { name: 'a/l', mode: 0o120777, bytes: Buffer.from('../..') }, /is a symbolic link/],
  ['a character device', { name: 'd', mode: 0o020666 }, /is neither a file nor a folder/],
  ['a block device', { name: 'd', mode: 0o060666 }, /is neither a file nor a folder/],
  ['a fifo', { name: 'f', mode: 0o010666 }, /is neither a file nor a folder/],
  ['a socket', { name: 's', mode: 0o140666 }, /is neither a file nor a folder/],
  ['a folder that is a link', { name: 'd/', mode: 0o120777 }, /is a symbolic link/],
].map(([name, entry, says]) => ({
  name: `holds ${name}`,
  bytes: () => zipArchive([good, entry as ZipEntry]),
  says: says as RegExp,
}));

const lies: readonly CaseOf[] = [
  {
    name: 'says a smaller size',
    bytes: () => zipArchive([{ ...good, bytes: Buffer.alloc(9000), size: 3 }]),
    says: damaged,
  },
  {
    name: 'has bytes in a folder',
    bytes: () => zipArchive([good, { name: 'd/', bytes: Buffer.from('lost') }]),
    says: /entry "d\/" is a folder and has 4 bytes/,
  },
  {
    name: 'has an encrypted file that is stored',
    bytes: () => zipArchive([{ ...good, packed: Buffer.from('x'), method: 0, flags: 0x801 }]),
    says: /entry "good.sys": is encrypted/,
  },
  { name: 'says a larger size', bytes: () => zipArchive([{ ...good, size: 2 ** 31 }]), says: damaged },
  { name: 'says another CRC-32', bytes: () => zipArchive([{ ...good, crc: 7 }]), says: /CRC-32/ },
  {
    name: 'has bytes that are not deflated',
    bytes: () => zipArchive([{ ...good, packed: Buffer.alloc(99, 0xff) }]),
    says: damaged,
  },
  { name: 'puts a file beyond its end', bytes: () => zipArchive([{ ...good, at: 2 ** 31 }]), says: damaged },
  { name: 'puts a file on its directory', bytes: () => zipArchive([{ ...good, at: 39 }]), says: damaged },
  { name: 'counts too many files', bytes: () => zipArchive([good], { count: 9 }), says: damaged },
  {
    name: 'counts too few files',
    bytes: () => zipArchive([good, { name: 'b' }], { count: 1 }),
    says: damaged,
  },
  { name: 'counts no files', bytes: () => zipArchive([good], { count: 0 }), says: damaged },
  {
    name: 'has its directory beyond its end',
    bytes: () => zipArchive([good], { directoryAt: 2 ** 31 }),
    says: damaged,
  },
  {
    name: 'has its directory at its start',
    bytes: () => zipArchive([good], { directoryAt: 0 }),
    says: damaged,
  },
  {
    name: 'says a zip64 that is not there',
    bytes: () => zipArchive([good], { directoryAt: 0xffffffff }),
    says: damaged,
  },
  {
    name: 'has an end in its comment',
    bytes: () =>
      zipArchive([good], { comment: Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]) }),
    says: damaged,
  },
  { name: 'is encrypted', bytes: () => zipArchive([{ ...good, flags: 1 }]), says: /is encrypted/ },
  {
    name: 'is compressed in a rare way',
    bytes: () => zipArchive([{ ...good, method: 99 }]),
    says: /compressed by method 99/,
  },
  {
    name: 'has another name in an extra field',
    bytes: () => zipArchive([{ name: 'a', extra: unicodePath('../evil', 0xe8b7be43) }]),
    says: /leads out/,
  },
  { name: 'is cut', bytes: () => zipArchive([good, good]).subarray(0, 60), says: damaged },
  { name: 'is empty but for its end', bytes: () => zipArchive([]), says: /./ },
  {
    name: 'has two files in the same bytes',
    bytes: () => zipArchive([good, { name: 'other.sys', at: 0 }]),
    says: damaged,
  },
];

const bombs: readonly CaseOf[] = [
  {
    name: 'is a bomb of 1 GB',
    bytes: () =>
      zipArchive([
        { name: 'zeros', packed: zeros(512), size: 2 ** 29 },
        { name: 'more', packed: zeros(512), size: 2 ** 29 },
      ]),
    says: /unpacks to more than 200 times its \d+ bytes[\s\S]*raise "ratio"/,
    dangerous: true,
  },
  {
    name: 'has a thousand files in the same bytes',
    bytes: () => zipArchive(overlapping(1000)),
    says: damaged,
    dangerous: true,
  },
  {
    name: 'holds 30,000 files',
    bytes: () =>
      zipArchive(Array.from({ length: 30_000 }, (_, index) => ({ name: `d/${index}`, packed: deflated }))),
    says: /holds more than 20000 files and folders[\s\S]*raise "files"/,
    dangerous: true,
  },
];

const deflated = deflateRawSync(Buffer.from('x'));

/** The deflated form of so many MiB of zeros: that of one MiB, which ends at a whole byte, again and again. */
function zeros(mebibytes: number): Buffer {
  const one = deflateRawSync(Buffer.alloc(2 ** 20), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([...Array.from({ length: mebibytes }, () => one), Buffer.from([3, 0])]);
}

/** All but the first have the local header, and the bytes, of the first. */
function overlapping(count: number): ZipEntry[] {
  const bytes = Buffer.alloc(2 ** 20);
  return Array.from({ length: count }, (_, index) => ({
    name: `file-${String(index).padStart(4, '0')}`,
    bytes,
    ...(index > 0 && { at: 0, packed: Buffer.alloc(0) }),
  }));
}

/** Hostile zips. */
export const hostileZips: readonly HostileCase[] = casesOf('archive', [
  ...hostileNames.map(({ name, path, says }) => ({
    name: `a zip with a path that ${name}`,
    bytes: () => zipArchive([good, { name: path }]),
    says,
  })),
  ...hostileTwins.map(({ name, paths, says }) => ({
    name: `a zip with two paths that ${name}`,
    bytes: () => zipArchive(paths.map((path) => ({ name: path }))),
    says,
  })),
  ...[...special, ...lies, ...bombs].map((one) => ({ ...one, name: `a zip that ${one.name}` })),
]);
