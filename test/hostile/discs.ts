import { type CaseOf, casesOf, type HostileCase } from './case.ts';
import { bothEndian, type IsoNode, isoImage } from './iso-image.ts';
import { hostileNames, hostileTwins } from './names.ts';
import { alternateName, posix, rockRidgeRoot } from './rock-ridge.ts';
import { rockRidgeDiscs } from './rock-ridge-discs.ts';

const sector = 2048;
const damaged = /the file is truncated or damaged: /;
const twice = /the folder at sector \d+ is there twice/;
const beyond = /beyond the end of the file/;
const overlap = /overlap/;
const table = /its path table, by which Windows finds folders, does not list the folders/;
const tooMany = /holds more than 20000 files and folders[\s\S]*raise "files"/;

const file = (name: string, more: Partial<IsoNode> = {}): IsoNode => ({
  name,
  bytes: Buffer.from(`bytes of ${name}`),
  ...more,
});
const folder = (name: string, nodes: readonly IsoNode[], more: Partial<IsoNode> = {}): IsoNode => ({
  name,
  nodes,
  ...more,
});
const good = [file('A.SYS;1'), folder('DIR', [file('B.SYS;1')])];
const wide = (name: string) => [...name].map((letter) => `\0${letter}`).join('');

const cycles: readonly CaseOf[] = [
  {
    name: 'a folder that is the root',
    bytes: () => isoImage([folder('LOOP', [], { at: 'root' })]),
    says: twice,
  },
  {
    name: 'a folder that is its parent',
    bytes: () => isoImage([folder('D', [folder('LOOP', [], { at: '/D' })])]),
    says: twice,
  },
  {
    name: 'a folder that is itself',
    bytes: () =>
      isoImage([
        folder('D', [], { at: '/D' }),
        folder('E', [folder('F', [], { at: '/E/F' }), folder('G', [], { at: '/E' })]),
      ]),
    says: twice,
  },
  {
    name: 'two folders that are each other',
    bytes: () =>
      isoImage([folder('D', [folder('X', [], { at: '/E' })]), folder('E', [folder('Y', [], { at: '/D' })])]),
    says: twice,
  },
  {
    name: 'two names for one folder',
    bytes: () => isoImage([folder('D', [file('A.SYS;1')]), folder('E', [], { at: '/D' })]),
    says: twice,
  },
  {
    name: 'a loop where its own record should be',
    bytes: () => isoImage([folder('D', [folder('E', [])])], { change: loopInFirstRecord }),
    says: twice,
  },
  {
    name: 'a folder in the path table',
    bytes: () => isoImage([folder('D', [], { at: 18, size: sector })]),
    says: damaged,
  },
  {
    name: 'a folder in the volume descriptors',
    bytes: () => isoImage([folder('D', [], { at: 16 })]),
    says: damaged,
  },
  {
    name: 'a folder in the bytes of a file',
    bytes: () =>
      isoImage([
        file('A.SYS;1', { bytes: Buffer.alloc(sector, 'evil') }),
        folder('D', [], { at: '/A.SYS;1' }),
      ]),
    says: damaged,
  },
];

/** Turns the first record of D, that for itself, into a folder called X that is the root. */
function loopInFirstRecord(image: Buffer, places: ReadonlyMap<string, number>): void {
  const at = (places.get('/D') ?? 0) * sector;
  image[at + 33] = 0x58;
  bothEndian(image, at + 2, places.get('/') ?? 0);
}

const extents: readonly CaseOf[] = [
  { name: 'a file beyond the end', bytes: () => isoImage([file('A.SYS;1', { at: 0x7fffff })]), says: beyond },
  { name: 'a file of 4 GB', bytes: () => isoImage([file('A.SYS;1', { size: 0xffffffff })]), says: beyond },
  {
    name: 'a file one byte beyond the end',
    bytes: () => isoImage([file('A.SYS;1', { size: sector + 1 })]),
    says: beyond,
  },
  {
    name: 'a file at the last of all sectors',
    bytes: () => isoImage([file('A.SYS;1', { at: 0xffffffff })]),
    says: beyond,
  },
  {
    name: 'a folder beyond the end',
    bytes: () => isoImage([folder('D', [], { at: 0x7fffff })]),
    says: damaged,
  },
  { name: 'a folder of 2 GB', bytes: () => isoImage([folder('D', [], { size: 0x7fffffff })]), says: beyond },
  {
    name: 'a folder of no bytes that says it has some',
    bytes: () => isoImage([folder('D', [], { size: 100 * sector })]),
    says: damaged,
  },
  {
    name: 'two files that overlap',
    bytes: () =>
      isoImage([file('A.SYS;1', { bytes: Buffer.alloc(9000) }), file('B.SYS;1', { at: '/A.SYS;1' })]),
    says: overlap,
  },
  {
    name: 'a file within a file',
    bytes: () => isoImage([file('A.SYS;1', { bytes: Buffer.alloc(9000) }), file('B.SYS;1', { at: 22 })]),
    says: overlap,
  },
  {
    name: 'a file over the root folder',
    bytes: () => isoImage([file('A.SYS;1', { at: 'root', size: sector })]),
    says: overlap,
  },
  {
    name: 'a file over the volume descriptors',
    bytes: () => isoImage([file('A.SYS;1', { at: 16 })]),
    says: overlap,
  },
  {
    name: 'a file over the boot sectors',
    bytes: () => isoImage([file('A.SYS;1', { at: 0, size: 16 * sector })]),
    says: overlap,
  },
  {
    name: 'a file over half of another',
    bytes: () =>
      isoImage([
        file('A.SYS;1', { bytes: Buffer.alloc(3 * sector) }),
        file('B.SYS;1', { size: 3 * sector, at: 22 }),
        file('C', { bytes: Buffer.alloc(9 * sector) }),
      ]),
    says: overlap,
  },
  {
    name: 'a file of many parts, the last of which is missing',
    bytes: () => isoImage([file('A.SYS;1', { flags: 0x80 })]),
    says: /parts that do not fit/,
  },
  {
    name: 'a file in parts of two names',
    bytes: () => isoImage([file('A.SYS;1', { flags: 0x80, bytes: Buffer.alloc(sector) }), file('B.SYS;1')]),
    says: /parts that do not fit/,
  },
  {
    name: 'a file in parts that do not fill their sectors',
    bytes: () => isoImage([file('A.SYS;1', { flags: 0x80 }), file('A.SYS;1', { at: 22 })]),
    says: /parts that do not fit/,
  },
  {
    name: 'a folder in parts',
    bytes: () => isoImage([folder('D', [], { flags: 0x82 }), folder('D', [], { at: 30 })]),
    says: /parts that do not fit|twice/,
  },
  {
    name: 'a file of a thousand names and little else',
    bytes: () => isoImage(manyNames(3000)),
    says: /unpacks to more than 200 times/,
    dangerous: true,
  },
];

function manyNames(count: number): IsoNode[] {
  const first = file('F0;1', { bytes: Buffer.alloc(200_000) });
  const others = Array.from(
    { length: count - 1 },
    (_, index): IsoNode => ({
      name: `F${index + 1};1`,
      at: '/F0;1',
      size: 200_000,
    }),
  );
  return [first, ...others];
}

const records: readonly CaseOf[] = [
  {
    name: 'a record of 1 byte',
    bytes: () => isoImage([file('A.SYS;1', { change: (record) => record.fill(1, 0, 1) })]),
    says: /broken record/,
  },
  {
    name: 'a record of 255 bytes at the end of its sector',
    bytes: () =>
      isoImage([
        ...Array.from({ length: 46 }, (_, index) => file(`F${index};1`)),
        file('A.SYS;1', { change: (record) => record.fill(255, 0, 1) }),
      ]),
    says: damaged,
  },
  {
    name: 'a record of no bytes before others',
    bytes: () => isoImage([file('A.SYS;1', { change: (record) => record.fill(0, 0, 1) })]),
    says: /broken record/,
  },
  {
    name: 'a record with a name longer than itself',
    bytes: () => isoImage([file('A.SYS;1', { change: (record) => record.fill(222, 32, 33) })]),
    says: /broken record/,
  },
  {
    name: 'a record with a name of no letters',
    bytes: () => isoImage([file('A.SYS;1', { change: (record) => record.fill(0, 32, 33) })]),
    says: /broken record/,
  },
  {
    name: 'a record whose sectors differ by byte order',
    bytes: () => isoImage([file('A.SYS;1', { change: (record) => record.writeUInt32BE(1, 6) })]),
    says: /two byte orders differ/,
  },
  {
    name: 'a record whose sizes differ by byte order',
    bytes: () => isoImage([file('A.SYS;1', { change: (record) => record.writeUInt32BE(1, 14) })]),
    says: /two byte orders differ/,
  },
  {
    name: 'a record with attributes in front',
    bytes: () => isoImage([file('A.SYS;1', { change: (record) => record.fill(1, 1, 2) })]),
    says: /attributes or interleaved/,
  },
  {
    name: 'a record of interleaved bytes',
    bytes: () => isoImage([file('A.SYS;1', { change: (record) => record.fill(1, 26, 28) })]),
    says: /attributes or interleaved/,
  },
  { name: 'a record of two dots', bytes: () => isoImage([file('..')]), says: /./ },
  { name: 'a record with a slash', bytes: () => isoImage([file('A/../../B')]), says: /./ },
  { name: 'a folder with a slash', bytes: () => isoImage([folder('..', [file('A.SYS;1')])]), says: /./ },
  {
    name: 'an associated file',
    bytes: () => isoImage([file('A.SYS;1', { flags: 4 }), file('A.SYS;1')]),
    says: /./,
  },
];

const descriptors: readonly CaseOf[] = [
  {
    name: 'no primary descriptor',
    bytes: () => changed((image) => image.fill(3, 16 * sector, 16 * sector + 1)),
    says: /no primary volume descriptor/,
  },
  {
    name: 'no end of its descriptors',
    bytes: () => changed((image) => image.fill(0, 17 * sector, 18 * sector)),
    says: /no volume descriptor/,
  },
  { name: 'endless descriptors', bytes: endlessDescriptors, says: /./ },
  {
    name: 'blocks of 512 bytes',
    bytes: () => changed((image) => image.writeUInt16LE(512, 16 * sector + 128)),
    says: /blocks have 512 bytes/,
  },
  {
    name: 'blocks of no bytes',
    bytes: () => changed((image) => image.writeUInt16LE(0, 16 * sector + 128)),
    says: /blocks have 0 bytes/,
  },
  {
    name: 'a volume larger than the file',
    bytes: () => changed((image) => bothEndian(image, 16 * sector + 80, 0xffffff)),
    says: /its ISO volume/,
  },
  {
    name: 'its root beyond the end',
    bytes: () => changed((image) => bothEndian(image, 16 * sector + 158, 0xffffff)),
    says: damaged,
  },
  {
    name: 'a root of 4 GB',
    bytes: () => changed((image) => bothEndian(image, 16 * sector + 166, 0xffffffff)),
    says: tooMany,
  },
  {
    name: 'a root of no bytes',
    bytes: () => changed((image) => bothEndian(image, 16 * sector + 166, 0)),
    says: /./,
  },
  {
    name: 'a root in the boot sectors',
    bytes: () => changed((image) => bothEndian(image, 16 * sector + 158, 0)),
    says: damaged,
  },
  {
    name: 'a path table that lies of a folder',
    bytes: () => changed((image) => image.writeUInt32LE(22, 18 * sector + 12)),
    says: table,
  },
  {
    name: 'a path table in the other order that lies of a folder',
    bytes: () => changed((image) => image.writeUInt32BE(22, 19 * sector + 12)),
    says: table,
  },
  {
    name: 'a path table with another name',
    bytes: () => changed((image) => image.write('EVL', 18 * sector + 18)),
    says: table,
  },
  {
    name: 'a path table with another parent',
    bytes: () => changed((image) => image.writeUInt16LE(2, 18 * sector + 16)),
    says: table,
  },
  {
    name: 'a path table with a parent that is not there',
    bytes: () => changed((image) => image.writeUInt16LE(999, 18 * sector + 16)),
    says: table,
  },
  {
    name: 'a path table of no bytes',
    bytes: () => changed((image) => bothEndian(image, 16 * sector + 132, 0)),
    says: table,
  },
  {
    name: 'a path table of 4 GB',
    bytes: () => changed((image) => bothEndian(image, 16 * sector + 132, 0xffffffff)),
    says: table,
  },
  {
    name: 'a path table beyond the end',
    bytes: () => changed((image) => image.writeUInt32LE(0x7fffff, 16 * sector + 140)),
    says: damaged,
  },
  {
    name: 'a path table of zeros',
    bytes: () => changed((image) => image.fill(0, 18 * sector, 19 * sector)),
    says: table,
  },
  {
    name: 'another Joliet tree',
    bytes: () => isoImage([file('A.SYS;1')], { joliet: [file(wide('evil.sys'))] }),
    says: /its Joliet tree, which Windows shows, holds other files/,
  },
  {
    name: 'a Joliet tree with one file more',
    bytes: () =>
      isoImage([file('A.SYS;1')], {
        joliet: [
          file(wide('a.sys'), { at: '/A.SYS;1', bytes: Buffer.from('bytes of A.SYS;1') }),
          file(wide('evil.sys')),
        ],
      }),
    says: /its Joliet tree/,
  },
  {
    name: 'an empty Joliet tree',
    bytes: () => isoImage([file('A.SYS;1')], { joliet: [] }),
    says: /its Joliet tree/,
  },
  {
    name: 'a Joliet tree that is a cycle',
    bytes: () => isoImage([], { joliet: [folder(wide('d'), [], { at: '/' })] }),
    says: /./,
  },
  { name: 'half of its bytes', bytes: () => isoImage(good).subarray(0, 20 * sector), says: damaged },
  {
    name: 'nothing but its descriptors',
    bytes: () => isoImage(good).subarray(0, 18 * sector),
    says: damaged,
  },
];

function changed(change: (image: Buffer) => void): Buffer {
  return isoImage(good, { change });
}

function endlessDescriptors(): Buffer {
  const image = Buffer.alloc(400 * sector);
  isoImage(good).copy(image);
  for (let at = 17; at < 400; at += 1) image.write('\x02CD001', at * sector, 'latin1');
  return image;
}

const bombs: readonly CaseOf[] = [
  { name: '30,000 files', bytes: () => isoImage(many(30_000)), says: tooMany, dangerous: true },
  { name: 'files without number in one folder', bytes: manyRecords, says: tooMany, dangerous: true },
  {
    name: 'folders 40 deep',
    bytes: () => isoImage(deep(40)),
    says: /deeper than 32 folders[\s\S]*raise "depth"/,
  },
  {
    name: 'folders 5,000 deep',
    bytes: () => isoImage(deep(5000)),
    says: /deeper than 32 folders/,
    dangerous: true,
  },
];

function many(count: number): IsoNode[] {
  return Array.from({ length: count }, (_, index) => ({ name: `F${index};1`, at: 0, size: 0 }));
}

/** A root folder of 64 MiB of the smallest records, whose names are all one letter. */
function manyRecords(): Buffer {
  const head = isoImage([]);
  const image = Buffer.concat([head, Buffer.alloc(64 * 2 ** 20)]);
  const record = Buffer.alloc(34);
  record[0] = 34;
  record[32] = 1;
  record.write('A', 33);
  const start = head.length;
  for (let at = start; at < image.length; at += sector) {
    for (let index = 0; index < 60; index += 1) record.copy(image, at + index * 34);
  }
  bothEndian(image, 16 * sector + 158, start / sector);
  bothEndian(image, 16 * sector + 166, 64 * 2 ** 20);
  bothEndian(image, 16 * sector + 80, image.length / sector);
  return image;
}

function deep(count: number): IsoNode[] {
  let nodes: readonly IsoNode[] = [file('A.SYS;1')];
  for (let index = 0; index < count; index += 1) nodes = [folder('D', nodes)];
  return [...nodes];
}

/** Names of discs come from Rock Ridge, which holds UTF-8; a slash would end a name, and one record holds 200 bytes of it. */
const named: readonly CaseOf[] = hostileNames
  .filter(({ path }) => !path.includes('/') && Buffer.byteLength(path) < 180)
  .map(({ name, path, says }) => ({
    name: `a path that ${name}`,
    bytes: () => isoImage([rockRidgeFile('A.SYS;1', path)], { rootUse: rockRidgeRoot() }),
    says,
  }));

const twins: readonly CaseOf[] = hostileTwins
  .filter(({ paths }) => !paths.some((path) => path.includes('/')))
  .map(({ name, paths, says }) => ({
    name: `two paths that ${name}`,
    bytes: () =>
      isoImage([rockRidgeFile('A.SYS;1', paths[0]), rockRidgeFile('B.SYS;1', paths[1])], {
        rootUse: rockRidgeRoot(),
      }),
    says: name === 'are the same' ? /holds two files of the same path/ : says,
  }));

function rockRidgeFile(name: string, path: string): IsoNode {
  return file(name, { use: Buffer.concat([posix(0o100644), alternateName(path)]) });
}

/** Hostile discs. */
export const hostileDiscs: readonly HostileCase[] = casesOf(
  'iso',
  [...cycles, ...extents, ...records, ...descriptors, ...bombs, ...named, ...twins, ...rockRidgeDiscs].map(
    (one) => ({
      ...one,
      name: `a disc with ${one.name}`,
    }),
  ),
);
