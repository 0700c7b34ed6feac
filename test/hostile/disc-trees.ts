import type { CaseOf } from './case.ts';
import { file, folder, sector, tooMany, wide } from './disc-nodes.ts';
import { type IsoNode, isoImage } from './iso-image.ts';
import { named, readme, toNew, toOld, toReadme, withJoliet, withName } from './joliet-disc.ts';
import { rockRidgeRoot } from './rock-ridge.ts';

const elsewhere = /its Joliet tree, which Windows shows, maps "[^"]+" to /;
const more =
  /its Joliet tree, which Windows shows, has "[^"]+" \(.+\), which its Rock Ridge tree does not have by that name/;
const lacks = /its Joliet tree, which Windows shows, lacks "/;

/** Discs whose trees lead by one name to different bytes, or whose names are safe in one tree only. */
export const trees: readonly CaseOf[] = [
  {
    name: 'a Joliet tree that swaps two drivers',
    bytes: () =>
      withJoliet(() => [
        folder(wide('w7'), [{ name: wide('a.sys'), ...toNew }]),
        folder(wide('w11'), [{ name: wide('a.sys'), ...toOld }, readme]),
      ]),
    says: elsewhere,
  },
  {
    name: 'a Joliet tree that swaps two folders',
    bytes: () =>
      withJoliet(() => [
        folder(wide('w11'), [{ name: wide('a.sys'), ...toOld }]),
        folder(wide('w7'), [{ name: wide('a.sys'), ...toNew }, readme]),
      ]),
    says: elsewhere,
  },
  {
    name: 'a Joliet tree that swaps two files of a folder',
    bytes: () =>
      withJoliet(([old]) => [
        ...(old ? [old] : []),
        folder(wide('w11'), [
          { name: wide('a.sys'), ...toReadme },
          { name: wide('readme'), ...toNew },
        ]),
      ]),
    says: elsewhere,
  },
  {
    name: 'a Joliet tree with one byte less of a driver',
    bytes: () =>
      withJoliet(([old]) => [
        ...(old ? [old] : []),
        folder(wide('w11'), [{ name: wide('a.sys'), ...toNew, size: 10 }, readme]),
      ]),
    says: / maps |overlap/,
  },
  {
    name: 'a Joliet tree with one name more for a driver',
    bytes: () => withJoliet((same) => [...same, { name: wide('evil.sys'), ...toOld }]),
    says: more,
  },
  {
    name: 'a Joliet tree with one folder more',
    bytes: () => withJoliet((same) => [...same, folder(wide('evil'), [])]),
    says: more,
  },
  {
    name: 'a Joliet tree with an empty file more',
    bytes: () => withJoliet((same) => [...same, { name: wide('autorun.inf'), at: 0, size: 0 }]),
    says: more,
  },
  {
    name: 'a Joliet tree that names a driver otherwise',
    bytes: () => withName(wide('b.sys')),
    says: more,
  },
  {
    name: 'a Joliet tree that cuts a name short of need',
    bytes: () => withName(wide('a')),
    says: more,
  },
  {
    name: 'a Joliet tree that puts a number to a name',
    bytes: () => withName(wide('a0.sys')),
    says: more,
  },
  {
    name: 'a Joliet tree that lacks a file of the same bytes as another',
    bytes: () =>
      isoImage(
        [file('A.SYS;1', named('a.sys')), { name: 'B.SYS;1', at: '/A.SYS;1', size: 16, ...named('b.sys') }],
        {
          rootUse: rockRidgeRoot(),
          joliet: [{ name: wide('a.sys'), at: '/A.SYS;1', size: 16 }],
        },
      ),
    says: lacks,
  },
  {
    name: 'a Joliet tree that has a folder for a file',
    bytes: () =>
      withJoliet(([old]) => [...(old ? [old] : []), folder(wide('w11'), [folder(wide('a.sys'), [])])]),
    says: elsewhere,
  },
  {
    name: 'Joliet folders 40 deep',
    bytes: () => withJoliet((same) => [...same, ...deep(40)]),
    says: /deeper than 32 folders/,
  },
  {
    name: 'a Joliet tree of 30,000 files',
    bytes: () =>
      withJoliet(() =>
        Array.from({ length: 30_000 }, (_, index): IsoNode => ({ name: wide(`${index}`), at: 0, size: 0 })),
      ),
    says: tooMany,
    dangerous: true,
  },
  {
    name: 'thousands of cut names that are all alike',
    bytes: manyCutNames,
    says: /too many truncated or similar names/,
    dangerous: true,
  },
  {
    name: 'Rock Ridge names that swap those of ISO 9660',
    bytes: () =>
      isoImage([rockRidgeFile('A.SYS;1', 'b.sys'), rockRidgeFile('B.SYS;1', 'a.sys')], {
        rootUse: rockRidgeRoot(),
      }),
    says: /its ISO 9660 tree maps "A\.SYS" to .+, but its Rock Ridge tree maps "a\.sys" to /,
  },
  {
    name: 'a name of ISO 9660 that Rock Ridge hides',
    bytes: () => isoImage([rockRidgeFile('AUTORUN.INF;1', 'a.sys')], { rootUse: rockRidgeRoot() }),
    says: /its ISO 9660 tree has "AUTORUN\.INF"/,
  },
  {
    name: 'a device of ISO 9660 that Rock Ridge hides',
    bytes: () => isoImage([rockRidgeFile('AUX.SYS;1', 'a.sys')], { rootUse: rockRidgeRoot() }),
    says: /its ISO 9660 tree: entry "AUX\.SYS": .+ device/,
  },
  {
    name: 'another tree of ISO 9660:1999',
    bytes: () =>
      isoImage([file('A.SYS;1')], {
        joliet: [file('evil.sys')],
        change: (image) => {
          image[17 * sector + 6] = 2;
          image.fill(0, 17 * sector + 88, 17 * sector + 91);
        },
      }),
    says: /its ISO 9660 tree has "A\.SYS" .+, which its ISO 9660:1999 tree does not have/,
  },
];

function rockRidgeFile(name: string, path: string): IsoNode {
  return file(name, named(path));
}

function deep(count: number): IsoNode[] {
  let nodes: readonly IsoNode[] = [];
  for (let index = 0; index < count; index += 1) nodes = [folder(wide('d'), nodes)];
  return [...nodes];
}

/** Each of 5,000 empty files has a long name in Rock Ridge, and in ISO 9660 one that any of them could have been cut to. */
function manyCutNames(): Buffer {
  const nodes = Array.from({ length: 5000 }, (_, index): IsoNode => {
    const name = `x${'y'.repeat(20)}${index}.sys`;
    return { name: `X${index}.SYS;1`, at: 0, size: 0, ...named(name) };
  });
  return isoImage(nodes, { rootUse: rockRidgeRoot() });
}
