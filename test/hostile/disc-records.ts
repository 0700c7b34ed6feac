import type { CaseOf } from './case.ts';
import { damaged, file, folder, good, sector, table, tooMany, wide } from './disc-nodes.ts';
import { bothEndian, isoImage } from './iso-image.ts';

/** Discs with broken directory records. */
export const records: readonly CaseOf[] = [
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
    name: 'a folder whose record of itself leads to another',
    bytes: () => changed((image, places) => bothEndian(image, at(places, '/') + 2, places.get('/DIR') ?? 0)),
    says: /a record of itself that points elsewhere/,
  },
  {
    name: 'a folder whose record of itself is of a file',
    bytes: () => changed((image, places) => image.fill(0, at(places, '/') + 25, at(places, '/') + 26)),
    says: /a record of itself that points elsewhere/,
  },
  {
    name: 'a folder without a record of itself',
    bytes: () => changed((image, places) => image.fill(9, at(places, '/') + 33, at(places, '/') + 34)),
    says: /(occurs twice|is duplicated)/,
  },
  {
    name: 'a file with the name of its folder',
    bytes: () => isoImage([file('\0')]),
    says: /broken record/,
  },
  {
    name: 'a name that is not UTF-8',
    bytes: () => isoImage([file('\xe9.SYS;1')]),
    says: /not valid UTF-8/,
  },
  {
    name: 'a name with a dot at its end',
    bytes: () => isoImage([file('A.')]),
    says: /ends with a space or dot/,
  },
  {
    name: 'an associated file',
    bytes: () => isoImage([file('A.SYS;1', { flags: 4 }), file('A.SYS;1')]),
    says: /./,
  },
];

/** Discs whose descriptors, path tables or Joliet trees lie. */
export const descriptors: readonly CaseOf[] = [
  {
    name: 'no primary descriptor',
    bytes: () => changed((image) => image.fill(3, 16 * sector, 16 * sector + 1)),
    says: /no primary volume descriptor/,
  },
  {
    name: 'no end of its descriptors',
    bytes: () => changed((image) => image.fill(0, 17 * sector, 18 * sector)),
    says: /not a volume descriptor/,
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
    name: 'a volume whose size differs by byte order',
    bytes: () => changed((image) => image.writeUInt32LE(19, 16 * sector + 80)),
    says: /a volume descriptor whose two byte orders differ/,
  },
  {
    name: 'a root with attributes',
    bytes: () => changed((image) => image.fill(1, 16 * sector + 157, 16 * sector + 158)),
    says: /a root folder with attributes/,
  },
  ...[6, 881].map((byte) => ({
    name: `a descriptor of an unknown version (byte ${byte})`,
    bytes: () => changed((image) => image.fill(7, 16 * sector + byte, 16 * sector + byte + 1)),
    says: /its volume descriptor is of a version/,
  })),
  {
    name: 'a boot catalog beyond the end',
    bytes: () => withBootRecord(0xffffff),
    says: /are beyond the end of the file/,
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
    says: /its ISO 9660 tree has "A\.SYS" .+, which its Joliet tree, which Windows shows, does not have/,
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

function changed(change: (image: Buffer, places: ReadonlyMap<string, number>) => void): Buffer {
  return isoImage(good, { change });
}

/** Where the first folder with this path begins. */
function at(places: ReadonlyMap<string, number>, path: string): number {
  return (places.get(path) ?? 0) * sector;
}

/** A disc whose second descriptor is a boot record, and the third the end of the descriptors; the path tables move. */
function withBootRecord(catalog: number): Buffer {
  const image = isoImage(good, { joliet: [] });
  const record = 17 * sector;
  image.fill(0, record, record + sector);
  image.write('CD001\x01EL TORITO SPECIFICATION', record + 1, 'latin1');
  image.writeUInt32LE(catalog, record + 71);
  return image;
}

function endlessDescriptors(): Buffer {
  const image = Buffer.alloc(400 * sector);
  isoImage(good).copy(image);
  for (let at = 17; at < 400; at += 1) image.write('\x02CD001', at * sector, 'latin1');
  return image;
}
