import type { CaseOf } from './case.ts';
import { file, folder, sector, tooMany, wide } from './disc-nodes.ts';
import { type IsoNode, isoImage } from './iso-image.ts';
import { alternateName, posix, rockRidgeRoot } from './rock-ridge.ts';

/** A disc of two drivers in folders, and its Joliet tree, of which `change` makes another. */
function withJoliet(change: (same: readonly IsoNode[]) => readonly IsoNode[]): Buffer {
  return isoImage(plain, { rootUse: rockRidgeRoot(), joliet: change(joliet) });
}

const named = (name: string) => ({ use: Buffer.concat([posix(0o100644), alternateName(name)]) });

const plain = [
  folder('W7', [file('A.SYS;1', { bytes: Buffer.from('old driver'), ...named('a.sys') })]),
  folder('W11', [
    file('A.SYS;1', { bytes: Buffer.from('new driver!'), ...named('a.sys') }),
    file('README.;1', named('readme')),
  ]),
];

const toOld = { at: '/W7/A.SYS;1', size: 10 } as const;
const toNew = { at: '/W11/A.SYS;1', size: 11 } as const;
const toReadme = { at: '/W11/README.;1', size: 18 } as const;
const readme: IsoNode = { name: wide('readme'), ...toReadme };
const joliet = [
  folder(wide('w7'), [{ name: wide('a.sys'), ...toOld }]),
  folder(wide('w11'), [{ name: wide('a.sys'), ...toNew }, readme]),
];

/** The Joliet tree with another name for the newer driver, in the letters of the disc: two bytes each. */
const withName = (name: string) =>
  withJoliet(([old]) => [...(old ? [old] : []), folder(wide('w11'), [{ name, ...toNew }, readme])]);

const elsewhere = /its Joliet tree, which Windows shows, leads from "[^"]+" to /;
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
    says: /leads from|overlap/,
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
    name: 'a Joliet name of a device',
    bytes: () => withName(wide('CON.sys')),
    says: /its Joliet tree, which Windows shows: entry "w11\/CON\.sys": "CON\.sys" is the name of a device/,
  },
  {
    name: 'a Joliet folder of a device',
    bytes: () => withJoliet((same) => [...same, folder(wide('aux'), [])]),
    says: /its Joliet tree.+"aux" is the name of a device/,
  },
  {
    name: 'a Joliet name of two dots',
    bytes: () => withName(wide('..')),
    says: /its Joliet tree.+leads out of its folder/,
  },
  {
    name: 'a Joliet name that leads out',
    bytes: () => withName(wide('../../evil.sys')),
    says: /its Joliet tree.+its name "\.\.\/\.\.\/evil\.sys" holds a slash/,
  },
  {
    name: 'a Joliet name with a slash',
    bytes: () => withJoliet((same) => [...same, { name: wide('w11/a.sys'), ...toNew }]),
    says: /its Joliet tree.+holds a slash/,
  },
  {
    name: 'a Joliet name with a backslash',
    bytes: () => withName(wide('..\\a.sys')),
    says: /its Joliet tree.+holds a backslash/,
  },
  {
    name: 'a Joliet name of a stream',
    bytes: () => withName(wide('a.sys:x')),
    says: /its Joliet tree.+holds one of </,
  },
  {
    name: 'a Joliet name with an escape',
    bytes: () => withName(wide('a\u001b.sys')),
    says: /its Joliet tree.+control or formatting character/,
  },
  {
    name: 'a Joliet name that reads backwards',
    bytes: () => withName(`${wide('a')}\x20\x2e${wide('sys')}`),
    says: /its Joliet tree.+control or formatting character/,
  },
  {
    name: 'a Joliet name of half a character',
    bytes: () => withName(`${wide('a')}\xd8\x00${wide('.sys')}`),
    says: /its Joliet tree.+control or formatting character/,
  },
  {
    name: 'a Joliet name with a byte too many',
    bytes: () => withName(`${wide('a.sys')}x`),
    says: /its Joliet tree.+not valid UTF-8|its Joliet tree.+no UCS-2/,
  },
  {
    name: 'two Joliet names that are one to Windows',
    bytes: () =>
      withJoliet((same) => [...same, { name: wide('X'), ...toOld }, { name: wide('x'), ...toOld }]),
    says: /its Joliet tree.+are one file to Windows, which ignores case/,
  },
  {
    name: 'two Joliet names that differ in their version',
    bytes: () =>
      withJoliet(([old]) => [
        ...(old ? [old] : []),
        folder(wide('w11'), [
          { name: wide('a.sys;1'), ...toNew },
          { name: wide('a.sys;2'), ...toOld },
        ]),
      ]),
    says: /its Joliet tree.+is there twice/,
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
    says: /too many names that were cut/,
    dangerous: true,
  },
  {
    name: 'Rock Ridge names that swap those of ISO 9660',
    bytes: () =>
      isoImage([rockRidgeFile('A.SYS;1', 'b.sys'), rockRidgeFile('B.SYS;1', 'a.sys')], {
        rootUse: rockRidgeRoot(),
      }),
    says: /its ISO 9660 tree leads from "A\.SYS" to .+, and its Rock Ridge tree from "a\.sys" to /,
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
