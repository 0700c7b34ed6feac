import type { CaseOf } from './case.ts';
import { folder, wide } from './disc-nodes.ts';
import { toNew, toOld, withJoliet, withName } from './joliet-disc.ts';

/** Discs whose Joliet names Windows would not keep apart, or that lead elsewhere. */
export const jolietNames: readonly CaseOf[] = [
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
    says: /its Joliet tree.+occurs twice/,
  },
];
