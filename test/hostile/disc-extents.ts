import type { CaseOf } from './case.ts';
import { beyond, damaged, file, folder, overlap, sector, twice } from './disc-nodes.ts';
import { bothEndian, type IsoNode, isoImage } from './iso-image.ts';

/** Discs whose folders lead back into themselves. */
export const cycles: readonly CaseOf[] = [
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

/** Discs whose files and folders lie where they cannot. */
export const extents: readonly CaseOf[] = [
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
    says: /extents do not fit together/,
  },
  {
    name: 'a file in parts of two names',
    bytes: () => isoImage([file('A.SYS;1', { flags: 0x80, bytes: Buffer.alloc(sector) }), file('B.SYS;1')]),
    says: /extents do not fit together/,
  },
  {
    name: 'a file in parts that do not fill their sectors',
    bytes: () => isoImage([file('A.SYS;1', { flags: 0x80 }), file('A.SYS;1', { at: 22 })]),
    says: /extents do not fit together/,
  },
  {
    name: 'a folder in parts',
    bytes: () => isoImage([folder('D', [], { flags: 0x82 }), folder('D', [], { at: 30 })]),
    says: /extents do not fit together|duplicated/,
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
