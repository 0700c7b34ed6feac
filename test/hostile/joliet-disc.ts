import { file, folder, wide } from './disc-nodes.ts';
import { type IsoNode, isoImage } from './iso-image.ts';
import { alternateName, posix, rockRidgeRoot } from './rock-ridge.ts';

/** A disc of two drivers in folders, and its Joliet tree, of which `change` makes another. */
export function withJoliet(change: (same: readonly IsoNode[]) => readonly IsoNode[]): Buffer {
  return isoImage(plain, { rootUse: rockRidgeRoot(), joliet: change(joliet) });
}

/** System use entries of a file: its name in Rock Ridge. */
export const named = (name: string) => ({ use: Buffer.concat([posix(0o100644), alternateName(name)]) });

const plain = [
  folder('W7', [file('A.SYS;1', { bytes: Buffer.from('old driver'), ...named('a.sys') })]),
  folder('W11', [
    file('A.SYS;1', { bytes: Buffer.from('new driver!'), ...named('a.sys') }),
    file('README.;1', named('readme')),
  ]),
];

/** Where the records of the driver for the older Windows, the newer one and the text lead. */
export const toOld = { at: '/W7/A.SYS;1', size: 10 } as const;
export const toNew = { at: '/W11/A.SYS;1', size: 11 } as const;
export const toReadme = { at: '/W11/README.;1', size: 18 } as const;
/** The text in the Joliet tree. */
export const readme: IsoNode = { name: wide('readme'), ...toReadme };
const joliet = [
  folder(wide('w7'), [{ name: wide('a.sys'), ...toOld }]),
  folder(wide('w11'), [{ name: wide('a.sys'), ...toNew }, readme]),
];

/** The Joliet tree with another name for the newer driver, in the letters of the disc: two bytes each. */
export const withName = (name: string) =>
  withJoliet(([old]) => [...(old ? [old] : []), folder(wide('w11'), [{ name, ...toNew }, readme])]);
