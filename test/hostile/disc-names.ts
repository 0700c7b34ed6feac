import type { CaseOf } from './case.ts';
import { file, folder, sector, tooMany } from './disc-nodes.ts';
import { bothEndian, type IsoNode, isoImage } from './iso-image.ts';
import { hostileNames, hostileTwins } from './names.ts';
import { alternateName, posix, rockRidgeRoot } from './rock-ridge.ts';

/** Discs of too much. */
export const bombs: readonly CaseOf[] = [
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
export const named: readonly CaseOf[] = hostileNames
  .filter(({ path }) => !path.includes('/') && Buffer.byteLength(path) < 180)
  .map(({ name, path, says }) => ({
    name: `a path that ${name}`,
    bytes: () => isoImage([rockRidgeFile('A.SYS;1', path)], { rootUse: rockRidgeRoot() }),
    says,
  }));

/** Two names of Rock Ridge that collide. */
export const twins: readonly CaseOf[] = hostileTwins
  .filter(({ paths }) => !paths.some((path) => path.includes('/')))
  .map(({ name, paths, says }) => ({
    name: `two paths that ${name}`,
    bytes: () =>
      isoImage([rockRidgeFile('A.SYS;1', paths[0]), rockRidgeFile('B.SYS;1', paths[1])], {
        rootUse: rockRidgeRoot(),
      }),
    says,
  }));

function rockRidgeFile(name: string, path: string): IsoNode {
  return file(name, { use: Buffer.concat([posix(0o100644), alternateName(path)]) });
}
