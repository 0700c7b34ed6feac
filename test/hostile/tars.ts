import { crc32, gzipSync } from 'node:zlib';
import { compress } from '../builders/tar.ts';
import { type CaseOf, casesOf, type HostileCase } from './case.ts';
import { hostileNames, hostileTwins } from './names.ts';
import { paxEntry, type TarEntry, tarArchive } from './tar-archive.ts';

const damaged = /the file is truncated or damaged: /;
const good: TarEntry = { name: 'good.sys' };

const special: readonly CaseOf[] = (
  [
    ['a link out', { name: 'l', type: '2', link: '/etc/passwd' }, /is a symbolic link/],
    ['a hard link out', { name: 'h', type: '1', link: '/etc/passwd' }, /is a hard link/],
    ['a hard link to its file', { name: 'h', type: '1', link: 'good.sys' }, /is a hard link/],
    ['a character device', { name: 'd', type: '3' }, /is a device/],
    ['a block device', { name: 'd', type: '4' }, /is a device/],
    ['a fifo', { name: 'f', type: '6' }, /is a fifo/],
    ['a sparse file', { name: 's', type: 'S' }, /cannot be unpacked/],
    ['another volume', { name: 'm', type: 'M' }, /cannot be unpacked/],
    ['an unknown kind', { name: 'v', type: 'Q' }, /cannot be unpacked/],
  ] as const
).map(([name, entry, says]) => ({ name: `holds ${name}`, bytes: () => tarArchive([good, entry]), says }));

const lies: readonly CaseOf[] = [
  { name: 'says a larger size', bytes: () => tarArchive([{ ...good, size: 2 ** 30 }]), says: damaged },
  {
    name: 'says a size of 8 EB',
    bytes: () => tarArchive([{ ...good, size: Buffer.from('80000000ffffffffffffffff', 'hex') }]),
    says: /unpacks to more than 8589934592 bytes/,
  },
  {
    name: 'says a negative size',
    bytes: () => tarArchive([{ ...good, bytes: Buffer.alloc(0), size: Buffer.alloc(12, 0xff) }]),
    says: /entry "good.sys" has no valid size/,
  },
  {
    name: 'says a size that is no number',
    bytes: () => tarArchive([{ ...good, size: Buffer.from('zzzzzzzzzzz\0') }]),
    says: damaged,
  },
  {
    name: 'has a wrong checksum',
    bytes: () => tarArchive([good, { ...good, checksum: '000001\0 ' }]),
    says: damaged,
  },
  { name: 'has no end', bytes: () => tarArchive([good], Buffer.alloc(0)), says: /no end mark/ },
  {
    name: 'leads out by pax',
    bytes: () => tarArchive([paxEntry({ path: '../../evil' }), good]),
    says: /leads out/,
  },
  {
    name: 'leads out by a link in pax',
    bytes: () => tarArchive([paxEntry({ linkpath: '/etc' }), { name: 'l', type: '2' }]),
    says: /is a symbolic link/,
  },
  {
    name: 'leads out by a GNU long name',
    bytes: () => tarArchive([{ name: '././@LongLink', type: 'L', bytes: Buffer.from('../evil\0') }, good]),
    says: /leads out/,
  },
  {
    name: 'has broken pax',
    bytes: () => tarArchive([{ name: 'p', type: 'x', bytes: Buffer.from('99999999999 path=x\n') }, good]),
    says: /./,
  },
  {
    name: 'has a NUL in a pax path',
    bytes: () => tarArchive([paxEntry({ path: 'a\0/../../b' }), good]),
    says: /control|leads out/,
  },
  {
    name: 'has a pax size of its own',
    bytes: () => tarArchive([paxEntry({ size: '1000000000000' }), good]),
    says: /unpacks to more than 8589934592 bytes/,
  },
  {
    name: 'has a name that is no UTF-8',
    bytes: () => tarArchive([paxEntry({ path: '\ufffd' }), good]),
    says: /not valid UTF-8/,
  },
  {
    name: 'has pax of 100 MB',
    bytes: () => tarArchive([{ name: 'p', type: 'x', bytes: Buffer.alloc(100 * 2 ** 20, 'x') }, good]),
    says: /./,
    dangerous: true,
  },
  {
    name: 'has a GNU long name of 100 MB',
    bytes: () => tarArchive([{ name: 'l', type: 'L', bytes: Buffer.alloc(100 * 2 ** 20, 'x') }, good]),
    says: /./,
    dangerous: true,
  },
];

const bombs: readonly CaseOf[] = [
  {
    name: 'is a bomb in gzip',
    bytes: () => gzipSync(tarArchive([{ name: 'zeros', bytes: Buffer.alloc(100 * 2 ** 20) }])),
    says: /unpacks to more than 200 times its \d+ bytes[\s\S]*raise "ratio"/,
    dangerous: true,
  },
  {
    name: 'is a bomb in xz',
    bytes: () => compress(tarArchive([{ name: 'zeros', bytes: Buffer.alloc(100 * 2 ** 20) }]), 'xz'),
    says: /unpacks to more than 200 times its \d+ bytes/,
    dangerous: true,
  },
  {
    name: 'is a bomb in zstd',
    bytes: () => compress(tarArchive([{ name: 'zeros', bytes: Buffer.alloc(100 * 2 ** 20) }]), 'zst'),
    says: /unpacks to more than 200 times its \d+ bytes/,
    dangerous: true,
  },
  {
    name: 'is gzip in gzip in gzip',
    bytes: () => gzipSync(gzipSync(gzipSync(Buffer.alloc(2 ** 20)))),
    says: damaged,
  },
  {
    name: 'holds 30,000 folders',
    bytes: () =>
      gzipSync(tarArchive(Array.from({ length: 30_000 }, (_, index) => ({ name: `d${index}/`, type: '5' })))),
    says: /holds more than 20000 files and folders/,
    dangerous: true,
  },
  {
    name: 'wants a window of 4 GB',
    bytes: () => zstdWindow(31),
    says: damaged,
    dangerous: true,
  },
  {
    name: 'wants a dictionary of 4 GB',
    bytes: () => xzDictionary(),
    says: damaged,
    dangerous: true,
  },
  {
    name: 'is cut in xz',
    bytes: async () => (await compress(tarArchive([good]), 'xz')).subarray(0, 60),
    says: damaged,
  },
  {
    name: 'is cut in zstd',
    bytes: async () => (await compress(tarArchive([good]), 'zst')).subarray(0, 30),
    says: damaged,
  },
];

/** A zstd frame header (RFC 8878, 3.1.1.1) that asks for a window of 2 to the power of so many bytes. */
function zstdWindow(log: number): Buffer {
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (log - 10) << 3, 0x01, 0x00, 0x00]);
}

/** The header of an xz file (xz-file-format 1.1.0) whose block has LZMA2 with a dictionary of 4 GiB less one byte. */
function xzDictionary(): Buffer {
  const flags = Buffer.from([0, 0]);
  const block = Buffer.from([2, 0, 0x21, 1, 0x28, 0, 0, 0]);
  const magic = Buffer.from('fd377a585a00', 'hex');
  return Buffer.concat([magic, flags, checksum(flags), block, checksum(block), Buffer.alloc(100)]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(bytes));
  return sum;
}

/** Hostile tars, in every compression. */
export const hostileTars: readonly HostileCase[] = casesOf('archive', [
  ...hostileNames.map(({ name, path, says }) => ({
    name: `a tar with a path that ${name}`,
    bytes: () => tarArchive([good, paxEntry({ path }), { name: 'x' }]),
    says,
  })),
  ...hostileTwins.map(({ name, paths, says }) => ({
    name: `a tar with two paths that ${name}`,
    bytes: () => gzipSync(tarArchive(paths.flatMap((path) => [paxEntry({ path }), { name: 'x' }]))),
    says,
  })),
  ...[...special, ...lies, ...bombs].map((one) => ({ ...one, name: `a tar that ${one.name}` })),
]);
