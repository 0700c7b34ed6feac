import type { CaseOf } from './case.ts';
import { isoImage } from './iso-image.ts';
import { alternateName, both, continuation, link, posix, rockRidgeRoot, useEntry } from './rock-ridge.ts';

const sector = 2048;
const special = /is not a regular file \(a link, device or boot catalog\)/;
const leads = /which is unsafe or too long/;
const entries = /Rock Ridge entr/;

const mode = {
  file: 0o100644,
  link: 0o120777,
  character: 0o020666,
  block: 0o060666,
  fifo: 0o010666,
  socket: 0o140666,
};

/** A disc with one file that has these system use entries. */
function withUse(...use: readonly Buffer[]): Buffer {
  return isoImage([{ name: 'A.SYS;1', bytes: Buffer.from('x'), use: Buffer.concat([...use]) }], {
    rootUse: rockRidgeRoot(),
  });
}

/** A disc with one folder that has these system use entries. */
function withFolder(...use: readonly Buffer[]): Buffer {
  const nodes = [{ name: 'A.SYS;1', bytes: Buffer.from('x') }];
  return isoImage([{ name: 'D', nodes, use: Buffer.concat([...use]) }], { rootUse: rockRidgeRoot() });
}

/** A disc whose file goes on in sector 21, which holds the entries that `area` makes. */
function withArea(area: Buffer, claimed = area.length, at: number | undefined = undefined): Buffer {
  const bytes = Buffer.concat([area, Buffer.alloc(sector)]).subarray(0, sector);
  const use = Buffer.concat([posix(mode.file), continuation(at ?? 22, 0, claimed)]);
  return isoImage(
    [
      { name: 'A.SYS;1', bytes: Buffer.from('x'), use },
      { name: 'B.SYS;1', bytes },
    ],
    { rootUse: rockRidgeRoot() },
  );
}

/** Discs whose Rock Ridge entries lie, lead out or never end. */
export const rockRidgeDiscs: readonly CaseOf[] = [
  {
    name: 'a link out',
    bytes: () => withUse(posix(mode.link), alternateName('a.sys'), link('/etc/passwd')),
    says: special,
  },
  {
    name: 'a link up',
    bytes: () => withUse(posix(mode.link), alternateName('a.sys'), useEntry('SL', 0, 4, 0, 4, 0)),
    says: special,
  },
  {
    name: 'a link to itself',
    bytes: () => withUse(posix(mode.link), alternateName('a.sys'), link('a.sys')),
    says: special,
  },
  {
    name: 'a character device',
    bytes: () => withUse(posix(mode.character), alternateName('a.sys'), useEntry('PN', both(1), both(3))),
    says: special,
  },
  {
    name: 'a block device',
    bytes: () => withUse(posix(mode.block), alternateName('a.sys'), useEntry('PN', both(8), both(0))),
    says: special,
  },
  { name: 'a fifo', bytes: () => withUse(posix(mode.fifo), alternateName('a.sys')), says: special },
  { name: 'a socket', bytes: () => withUse(posix(mode.socket), alternateName('a.sys')), says: special },
  {
    name: 'a Rock Ridge name that leads out',
    bytes: () => withUse(posix(mode.file), alternateName('../evil')),
    says: leads,
  },
  {
    name: 'a Rock Ridge name that is absolute',
    bytes: () => withUse(posix(mode.file), alternateName('/etc/x')),
    says: leads,
  },
  {
    name: 'a Rock Ridge name of two dots',
    bytes: () => withUse(posix(mode.file), alternateName('..')),
    says: leads,
  },
  {
    name: 'a Rock Ridge name that means its parent',
    bytes: () => withUse(posix(mode.file), alternateName('', 4)),
    says: leads,
  },
  {
    name: 'a Rock Ridge name in two halves that lead out',
    bytes: () => withUse(posix(mode.file), alternateName('..', 1), alternateName('/evil')),
    says: leads,
  },
  {
    name: 'a Rock Ridge name with a NUL',
    bytes: () => withUse(posix(mode.file), alternateName('a\0b')),
    says: leads,
  },
  {
    name: 'a Rock Ridge name that is no UTF-8',
    bytes: () => withUse(posix(mode.file), useEntry('NM', 0, 'a\xff\xfe')),
    says: /not valid UTF-8/,
  },
  ...[0, 0o644, 0o030644, 0o040755].map((bits) => ({
    name: `a file of the Rock Ridge mode ${bits.toString(8)}`,
    bytes: () => withUse(posix(bits), alternateName('a.sys')),
    says: bits === 0o040755 ? /a folder in one tree only/ : /with an unknown file type/,
  })),
  ...[mode.file, mode.link].map((bits) => ({
    name: `a folder of the Rock Ridge mode ${bits.toString(8)}`,
    bytes: () => withFolder(posix(bits), alternateName('d'), link('x')),
    says: /a folder in one tree only/,
  })),
  {
    name: 'a link that leads nowhere',
    bytes: () => withUse(posix(mode.link), alternateName('a.sys')),
    says: /with an unknown file type/,
  },
  {
    name: 'a file with two Rock Ridge modes',
    bytes: () => withUse(posix(mode.file), posix(mode.link), alternateName('a.sys')),
    says: /two modes/,
  },
  {
    name: 'a file with two Rock Ridge names',
    bytes: () => withUse(posix(mode.file), alternateName('a.'), alternateName('sys')),
    says: /parts that do not fit together/,
  },
  {
    name: 'half a Rock Ridge name',
    bytes: () => withUse(posix(mode.file), alternateName('a.sys', 1)),
    says: /parts that do not fit together/,
  },
  {
    name: 'a sparse file of Rock Ridge',
    bytes: () => withUse(posix(mode.file), useEntry('SF', both(0), both(100), 4)),
    says: /sparse files/,
  },
  {
    name: 'a file that Rock Ridge calls compressed',
    bytes: () => withUse(posix(mode.file), useEntry('ZF', 'pz', 4, 15, both(100))),
    says: /compressed with zisofs/,
  },
  {
    name: 'a folder that Rock Ridge hides',
    bytes: () => withFolder(posix(0o40755), alternateName('d'), useEntry('RE')),
    says: /folders relocated by Rock Ridge/,
  },
  ...(
    [
      ['no announcement of Rock Ridge', useEntry('SP', 0xbe, 0xef, 0), /does not announce Rock Ridge/],
      ['a broken announcement of Rock Ridge', useEntry('SP', 0xbe, 0xee, 0), /broken Rock Ridge entry/],
      [
        'a late announcement of Rock Ridge',
        Buffer.concat([posix(0o40755), rockRidgeRoot()]),
        /system use entries before the SP entry/,
      ],
      [
        'an announcement of something else',
        Buffer.concat([useEntry('SP', 0xbe, 0xef, 0), useEntry('ER', 5, 0, 0, 1, 'OTHER')]),
        /does not announce Rock Ridge/,
      ],
    ] as const
  ).map(([name, rootUse, says]) => ({
    name: `Rock Ridge entries and ${name}`,
    bytes: () =>
      isoImage(
        [
          {
            name: 'A.SYS;1',
            bytes: Buffer.from('x'),
            use: Buffer.concat([posix(mode.file), alternateName('a.sys')]),
          },
        ],
        { rootUse },
      ),
    says,
  })),
  {
    name: 'a Rock Ridge folder that is the root',
    bytes: () => withUse(posix(0o40755), alternateName('loop'), useEntry('CL', both(20))),
    says: /folders relocated by Rock Ridge/,
    dangerous: true,
  },
  {
    name: 'Rock Ridge entries that go on in themselves',
    bytes: () => withArea(Buffer.concat([alternateName('n'.repeat(100), 1), continuation(22, 0, 133)])),
    says: /in a cycle/,
    dangerous: true,
  },
  {
    name: 'Rock Ridge entries that go on twice in themselves',
    bytes: () => withArea(Buffer.concat([continuation(22, 0, 56), continuation(22, 0, 56)])),
    says: /in a cycle/,
    dangerous: true,
  },
  {
    name: 'Rock Ridge entries that go on for 4 GB',
    bytes: () => withArea(alternateName('x'), 0xffffffff),
    says: entries,
    dangerous: true,
  },
  {
    name: 'Rock Ridge entries that go on for 200 MB',
    bytes: () => withArea(alternateName('x'), 200 * 2 ** 20),
    says: entries,
    dangerous: true,
  },
  {
    name: 'Rock Ridge entries beyond the end',
    bytes: () => withArea(alternateName('x'), 10, 0x7fffff),
    says: /beyond the end/,
  },
  {
    name: 'a Rock Ridge name of 2,000 bytes',
    bytes: () =>
      withArea(
        Buffer.concat(
          Array.from({ length: 8 }, (_, index) => alternateName('n'.repeat(240), index < 7 ? 1 : 0)),
        ),
      ),
    says: leads,
  },
  {
    name: 'a Rock Ridge entry longer than its record',
    bytes: () => withUse(posix(mode.file), Buffer.from('NM\xff\x01\0x', 'latin1')),
    says: /broken Rock Ridge entry/,
  },
  {
    name: 'a Rock Ridge entry of no bytes',
    bytes: () => withUse(posix(mode.file), Buffer.from('NM\x00\x01\0x', 'latin1')),
    says: /broken Rock Ridge entry/,
  },
  {
    name: 'a Rock Ridge entry of 4 bytes that needs 28',
    bytes: () => withUse(posix(mode.file), Buffer.from('CE\x04\x01', 'latin1')),
    says: /broken Rock Ridge entry/,
  },
];
