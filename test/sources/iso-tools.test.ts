import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { storedBytes } from '../../pipeline/sources/define.ts';
import { iso } from '../../pipeline/sources/iso.ts';
import { readStored } from '../../pipeline/system/stored-bytes.ts';
import { buildIso } from '../builders/iso.ts';
import { readWithOracle } from '../builders/iso-oracle.ts';
import { lacksTool } from '../builders/needs.ts';
import { makeSetting } from '../builders/source-setting.ts';
import { type Tree, writeTree } from '../builders/tree.ts';

const long = 'n'.repeat(90);
/** Names that some tree cannot hold: too long, not ASCII, one name in the letters of ISO 9660, or one but for its end. */
const odd: Tree = {
  'w7/a.sys': 'old',
  'w11/a.sys': 'new',
  'w11/a-b.sys': 'minus',
  'w11/a_b.sys': 'underscore',
  'w11/sampleblk.sys': 'blk',
  'w11/sampleblk-long.sys': 'long',
  'w11/sampleblkother.sys': 'other',
  'w11/pvpanic.cat': 'plain',
  'w11/pvpanic-pci.cat': 'pci',
  'ünï/日本語.txt': 'u',
  'ünï/中国話.txt': 'v',
  'straße.inf': 's',
  'x + y (1).txt': 'x',
  'semi;colon.txt': ';',
  'a.b.c.d': 'dots',
  '.dot': 'dot',
  README: 'none',
  'LICENSE.md': 'l',
  'LICENSE.txt': 'll',
  'v1.properties': 'p',
  'c++': '+',
  'UP.TXT': 'up',
  empty: '',
  'other-empty': '',
};
const cut: Tree = {
  [`w11/${long}1.txt`]: '1',
  [`w11/${long}2.txt`]: '2',
  [`w11/${long}same.txt`]: 'same',
  [`w11/${long}alike.txt`]: 'same',
  [`${long}/q`]: 'q',
  [`${long}x/q`]: 'r',
};

const options = [
  '-R',
  '-R -J',
  '-r -J -joliet-long',
  '-R -iso-level 1',
  '-R -J -iso-level 2',
  '-R -iso-level 4',
  '-R -J -l -allow-lowercase -allow-multidot',
  '-R -J -U',
  '-R -J -relaxed-filenames -N',
  '-J -input-charset utf-8',
  '-J -joliet-long -iso-level 3 -input-charset utf-8',
];

describe.skipIf(lacksTool('xorriso'))('what xorriso makes is read', () => {
  test.each([...options, '-R -J -iso-level 4'])('mkisofs %s', async (line) => {
    await requireRead(['xorriso', '-as', 'mkisofs', ...line.split(' ')], { ...odd, ...cut }, line);
  });
});

describe.skipIf(lacksTool('xorriso', 'genisoimage'))('what genisoimage makes is read', () => {
  test.each([...options, '-R -J -T', '-R -J -udf', '-R -hfs', '-R -J -no-pad'])('%s', async (line) => {
    await requireRead(['genisoimage', ...line.split(' ')], odd, line);
  });

  test('names that it numbers to the base of 36, and endings that it shortens', async () => {
    const numbers = Array.from({ length: 40 }, (_, index) => [`w11/vioscsi-extra-${index}.txt`, `${index}`]);
    const tree = { ...Object.fromEntries(numbers), 'src/a.tar.gz': 'z', 'src/manual.ps.gz': 'p' };
    for (const line of ['-r', '-r -J', '-r -l', '-r -iso-level 1'])
      await requireRead(['genisoimage', ...line.split(' ')], tree, line);
  });

  test('names that it cuts to the 103 characters of Joliet', async () => {
    const tree = { [`${long}${long}/${long}${long}.sys`]: 'x', [`a/${long}${long}`]: 'y' };
    await requireRead(['genisoimage', '-R', '-J', '-joliet-long'], tree, '-R');
  });
});

const hidden = 'a file hidden from one tree (mkisofs -hide, -hide-joliet) must be in all trees';

test.skipIf(lacksTool('xorriso'))(
  'links, pipes and boot catalogs are the special files of xorriso',
  async () => {
    const setting = await makeSetting();
    const file = join(setting.base, 'x.iso');
    const boot = ['-r', '-b', 'boot.img', '-c', 'boot.cat', '-no-emul-boot'];
    const bytes = await buildIso({ 'boot.img': Buffer.alloc(2048), 'a/b.sys': 'b' }, boot, async (folder) => {
      await symlink('b.sys', join(folder, 'a/link'));
      await execa('mkfifo', [join(folder, 'pipe')]);
    });
    await writeFile(file, bytes);
    const { files, specials } = await readWithOracle(file);
    expect(files.map(({ path }) => path)).toEqual(['a/b.sys', 'boot.img']);
    expect(specials).toEqual(['a/link', 'boot.cat', 'pipe']);
  },
);

test.skipIf(lacksTool('xorriso'))('a file that is hidden from one tree is named', async () => {
  await expect(
    opened(['xorriso', '-as', 'mkisofs', '-R', '-J', '-hide-joliet', 'UP.TXT'], odd),
  ).rejects.toMatchObject({
    problems: [
      {
        message: 'x.iso: its Joliet tree, which Windows shows, lacks "UP.TXT", which its Rock Ridge tree has',
        hint: `get the file again; ${hidden}`,
      },
    ],
  });
  await expect(opened(['xorriso', '-as', 'mkisofs', '-R', '-J', '-hide', 'UP.TXT'], odd)).rejects.toThrow(
    /its Joliet tree, which Windows shows, has "UP\.TXT" \(2 bytes at sector \d+\), which its Rock Ridge tree does not/,
  );
});

async function requireRead(command: readonly string[], tree: Tree, line: string): Promise<void> {
  const { files } = await opened(command, tree);
  const made = files.filter(({ path }) => !path.endsWith('TRANS.TBL'));
  const contents = await Promise.all(made.map((file) => readStored(storedBytes(file))));
  expect(contents.map((bytes) => bytes.toString('utf8')).sort()).toEqual(Object.values(tree).sort());
  if (/^-r/i.test(line)) expect(made.map(({ path }) => path).sort()).toEqual(Object.keys(tree).sort());
}

async function opened([tool = '', ...args]: readonly string[], tree: Tree) {
  const folder = await mkdtemp(join(tmpdir(), 'pvdisc-iso-'));
  try {
    await writeTree(join(folder, 'content'), tree);
    const output = ['-quiet', '-o', join(folder, 'x.iso'), join(folder, 'content')];
    await execa(tool, [...args, ...output], { env: { LC_ALL: 'C.UTF-8' } });
    await readWithOracle(join(folder, 'x.iso'));
    const setting = await makeSetting();
    await writeFile(join(setting.base, 'x.iso'), await readFile(join(folder, 'x.iso')));
    return await iso.open({ type: 'iso', path: 'x.iso' }, setting.request(), setting.context);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
