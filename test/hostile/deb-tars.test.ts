import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { PipelineError } from '../../pipeline/core/errors.ts';
import { defaultLimits } from '../../pipeline/core/limits.ts';
import { requireDebMembers } from '../../pipeline/verify/deb-structure.ts';
import { readPackagedFiles } from '../../pipeline/verify/read-package.ts';
import { type DebMember, writeAr } from '../builders/changed-deb.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { makeSetting } from '../builders/source-setting.ts';
import { compress } from '../builders/tar.ts';
import { paxEntry, type TarEntry, tarArchive } from './tar-archive.ts';

const folder: TarEntry = { name: './usr/', type: '5' };
const share: TarEntry = { name: './usr/share/', type: '5' };
const file: TarEntry = { name: './usr/share/good' };
const evil: TarEntry = { name: './usr/share/evil' };
const none = Buffer.alloc(0);
const zeroBlock = Buffer.alloc(512);
const noEnd = (entries: readonly TarEntry[]) => tarArchive(entries, none);
/** An entry whose bytes are a header of another one, for programs that skip them and for those that do not. */
const hiding = (entry: TarEntry): TarEntry => ({ ...entry, bytes: noEnd([evil]) });
const all = [folder, share, file];
const utf8 = (text: string) => Buffer.from(text);

/** The bytes of a header changed at an offset, with the checksum made anew. */
function patched(tar: Buffer, changes: readonly (readonly [number, string | Uint8Array])[]): Buffer {
  const copy = Buffer.from(tar);
  for (const [at, bytes] of changes) copy.set(Buffer.from(bytes as string, 'latin1'), at);
  const [[first = 0] = []] = changes;
  const start = first - (first % 512);
  copy.fill(' ', start + 148, start + 156);
  const sum = copy.subarray(start, start + 512).reduce((total, byte) => total + byte, 0);
  copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, start + 148, 'latin1');
  return copy;
}

type Case = readonly [name: string, tar: () => Buffer];

/** Tars that pvdisc reads as everybody else does. */
const taken: readonly Case[] = [
  ['plain', () => tarArchive(all)],
  ['ended by twenty blocks of zeros', () => tarArchive(all, Buffer.alloc(20 * 512))],
  [
    'with a GNU long name',
    () =>
      tarArchive([...all, { name: 'L', type: 'L', bytes: utf8(`./usr/share/${'n'.repeat(120)}\0`) }, evil]),
  ],
  [
    'with a ustar prefix',
    () => patched(tarArchive([folder, share, { name: 'good' }]), [[2 * 512 + 345, './usr/share']]),
  ],
  [
    'with a hard link',
    () => tarArchive([...all, { name: './usr/share/link', type: '1', link: './usr/share/good' }]),
  ],
  [
    'with a size to the base 256',
    () => tarArchive([...all, { ...evil, size: Buffer.from('800000000000000000000001', 'hex') }]),
  ],
  ['with an empty file', () => tarArchive([...all, { ...evil, bytes: none }])],
  ['with a folder twice', () => tarArchive([...all, share])],
];

/** Tars in which another program finds other entries, or none. */
const refused: readonly Case[] = [
  ...(['1', '2', '3', '4', '5', '6'] as const).map(
    (type): Case => [
      `with bytes after a header of type ${type}`,
      () => tarArchive([...all, hiding({ name: './usr/share/x', type, link: './usr/share/good' })]),
    ],
  ),
  [
    'with bytes after a folder of old tars',
    () => tarArchive([...all, hiding({ name: './usr/share/x/', type: '0' })]),
  ],
  [
    'with a file that is named as a folder',
    () => tarArchive([...all, { name: './usr/share/d/', type: '0', bytes: none }]),
  ],
  [
    'with a file that a long name calls a folder',
    () => tarArchive([...all, { name: 'L', type: 'L', bytes: utf8('./usr/share/d/\0') }, hiding(evil)]),
  ],
  ['with a pax size', () => tarArchive([...all, paxEntry({ size: '0' }), hiding({ name: './usr/share/x' })])],
  [
    'with a pax size of a link',
    () =>
      tarArchive([
        ...all,
        paxEntry({ size: '1024' }),
        hiding({ name: './usr/share/x', type: '1', link: './usr/share/good', size: 0 }),
      ]),
  ],
  ['with a pax path', () => tarArchive([...all, paxEntry({ path: './usr/share/other' }), evil])],
  ['with a global pax header', () => tarArchive([{ ...paxEntry({ comment: 'x' }), type: 'g' }, ...all])],
  ['with a sparse file of GNU', () => tarArchive([...all, { ...evil, type: 'S' }])],
  [
    'with a name of another type',
    () => tarArchive([...all, { name: 'N', type: 'N', bytes: utf8('./usr/share/long\0') }, evil]),
  ],
  ['with a volume', () => tarArchive([{ name: 'volume', type: 'V' }, ...all])],
  ['with a contiguous file', () => tarArchive([...all, { ...evil, type: '7' }])],
  [
    'with two long names',
    () =>
      tarArchive([
        ...all,
        ...['a', 'b'].map((name) => ({ name: 'L', type: 'L', bytes: utf8(`./usr/share/${name}\0`) })),
        evil,
      ]),
  ],
  ['with an empty long name', () => tarArchive([...all, { name: 'L', type: 'L', bytes: none }, evil])],
  ['with a block of zeros in between', () => Buffer.concat([noEnd(all), zeroBlock, tarArchive([evil])])],
  ['that is two', () => Buffer.concat([tarArchive(all), tarArchive([evil])])],
  [
    'with a block of zeros that has a checksum',
    () => Buffer.concat([noEnd(all), patched(zeroBlock, [[0, '\0']]), tarArchive([evil])]),
  ],
  [
    'with an entry without a name',
    () => Buffer.concat([noEnd(all), tarArchive([{ name: '', type: '5' }, evil])]),
  ],
  ['with trailing garbage', () => Buffer.concat([tarArchive(all), Buffer.alloc(512, 'x')])],
  ['without an end', () => noEnd(all)],
  ['with an entry twice', () => tarArchive([...all, file])],
  ['of tar as of 1979', () => patched(tarArchive(all), [[257, '\0\0\0\0\0\0\0\0']])],
  [
    'with a prefix of another version',
    () =>
      patched(tarArchive([file, folder, share]), [
        [263, '99'],
        [345, 'etc'],
      ]),
  ],
  ['with a negative size', () => tarArchive([...all, { ...evil, size: Buffer.alloc(12, 0xff) }])],
  ['with a size after a NUL', () => tarArchive([...all, { ...evil, size: utf8('\x0000000000001') }])],
  ['with a size that is none', () => tarArchive([...all, { ...evil, size: utf8('0000000000x1') }])],
  ['with a way out', () => tarArchive([...all, { name: './usr/share/../../etc/evil' }])],
];

describe.skipIf(lacksTool('dpkg-deb', 'dpkg', 'tar', 'bsdtar', 'xz', 'zstd'))('a tar of a package', () => {
  const control = (): DebMember => ({
    name: 'control.tar',
    bytes: tarArchive([
      {
        name: './control',
        bytes: utf8('Package: x\nVersion: 1\nArchitecture: all\nMaintainer: A <a@b.c>\nDescription: x\n'),
      },
    ]),
  });
  const binary = { name: 'debian-binary', bytes: utf8('2.0\n') };

  async function write(members: readonly DebMember[]): Promise<string> {
    const deb = join(await temporaryFolder('pvdisc-tars-'), 'x.deb');
    await writeFile(deb, writeAr(members));
    return deb;
  }

  /** Paths of the entries that pvdisc finds, sorted; undefined when it refuses the package. */
  async function ours(deb: string, which: 'data' | 'control'): Promise<string[] | undefined> {
    const { context } = await makeSetting();
    const subject = { place: 'verify', name: 'x.deb' };
    try {
      await requireDebMembers(deb, subject);
      const read = await readPackagedFiles(deb, subject, defaultLimits, () => false, context);
      return sorted((which === 'data' ? read.dataEntries : read.controlEntries).map(({ path }) => path));
    } catch (error) {
      if (error instanceof PipelineError && error.kind === 'input') return undefined;
      throw error;
    }
  }

  function sorted(names: readonly string[]): string[] {
    return names.map((name) => name.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '')).sort();
  }

  /** What a program lists that reads the tar on standard input. */
  async function listed(deb: string, which: 'data' | 'control', program: string): Promise<string[]> {
    const option = which === 'data' ? '--fsys-tarfile' : '--ctrl-tarfile';
    const { stdout } = await execa('dpkg-deb', [option, deb], {
      encoding: 'buffer',
      stripFinalNewline: false,
    });
    const { stdout: names } = await execa(program, ['-tf', '-'], { input: stdout });
    return sorted(names.split('\n'));
  }

  /** Files and folders that dpkg itself makes of the package; its own reader of tars is none of the others. */
  async function unpacked(deb: string): Promise<string[]> {
    const root = `${deb}.root`;
    for (const path of ['var/lib/dpkg/info', 'var/lib/dpkg/updates'])
      await mkdir(join(root, path), { recursive: true });
    await writeFile(join(root, 'var/lib/dpkg/status'), '');
    await execa('dpkg', [`--root=${root}`, '--log=/dev/null', '--force-unsafe-io', '--unpack', deb]);
    const paths = await readdir(root, { recursive: true });
    return sorted(paths.filter((path) => !path.startsWith('var')));
  }

  test.each(taken)('%s is read as others read it', async (_, tar) => {
    const data = await write([binary, control(), { name: 'data.tar', bytes: tar() }]);
    const found = await ours(data, 'data');
    expect(found).toContain('usr/share/good');
    expect(await listed(data, 'data', 'tar')).toEqual(found);
    expect(await listed(data, 'data', 'bsdtar')).toEqual(found);
    if (process.getuid?.() === 0) expect(await unpacked(data)).toEqual([...new Set(found)]);
    const about = await write([
      binary,
      { name: 'control.tar', bytes: tar() },
      { name: 'data.tar', bytes: tarArchive(all) },
    ]);
    expect(await ours(about, 'control')).toEqual(found);
    expect(await listed(about, 'control', 'tar')).toEqual(found);
  });

  test.each(refused)('%s is refused', async (_, tar) => {
    const data = await write([binary, control(), { name: 'data.tar', bytes: tar() }]);
    expect(await ours(data, 'data')).toBeUndefined();
    const about = await write([
      binary,
      { name: 'control.tar', bytes: tar() },
      { name: 'data.tar', bytes: tarArchive(all) },
    ]);
    expect(await ours(about, 'control')).toBeUndefined();
  });

  test('whose file is named by another reader only would be seen by this test', async () => {
    const tar = refused[0]?.[1]() ?? none;
    const deb = await write([binary, control(), { name: 'data.tar', bytes: tar }]);
    expect(await listed(deb, 'data', 'tar')).toContain('usr/share/evil');
  });

  const frames: readonly (readonly [string, (tar: Buffer) => Promise<Buffer>])[] = [
    ['gz', async (tar) => gzipSync(tar)],
    ['xz', (tar) => compress(tar, 'xz')],
    ['zst', (tar) => compress(tar, 'zst')],
  ];

  test.each(frames)(
    'of %s in two pieces, or with more after it, is refused or read as dpkg reads it',
    async (format, packed) => {
      const whole = tarArchive(all);
      const parts = [await packed(whole.subarray(0, 1024)), await packed(whole.subarray(1024))];
      const more = await packed(tarArchive([evil]));
      const cases = [
        parts,
        [await packed(whole), more],
        [await packed(whole), Buffer.from('garbage')],
        [await packed(whole), Buffer.alloc(8)],
        [await packed(whole), Buffer.alloc(7)],
      ];
      for (const [index, bytes] of cases.entries()) {
        const deb = await write([
          binary,
          control(),
          { name: `data.tar.${format}`, bytes: Buffer.concat(bytes) },
        ]);
        const found = await ours(deb, 'data');
        if (found === undefined) continue;
        expect([index, await listed(deb, 'data', 'tar')]).toEqual([index, found]);
        if (process.getuid?.() === 0) expect([index, await unpacked(deb)]).toEqual([index, found]);
      }
    },
  );
});
