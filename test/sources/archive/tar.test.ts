import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { archive } from '../../../pipeline/sources/archive/archive.ts';
import { lacksTool } from '../../builders/needs.ts';
import { childrenOf } from '../../builders/processes.ts';
import { makeSetting, place } from '../../builders/source-setting.ts';
import { buildTar, type Compression, compress, type TarHeader } from '../../builders/tar.ts';
import { writeTree } from '../../builders/tree.ts';

const random = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * index * 7919) >> 5));
const tree = { 'data/a.inf': 'inf', 'data/a.sys': random, 'other/b.txt': 'b' };

test('what GNU tar writes of a folder is read, with ./ before each path', async () => {
  const setting = await makeSetting();
  await writeTree(join(setting.base, 'd'), { ...tree, [`data/${'long/'.repeat(25)}x`]: 'long' });
  await execa('tar', ['-C', join(setting.base, 'd'), '-cf', join(setting.base, 'a.tar'), '.']);
  const spec = { type: 'archive' as const, path: 'a.tar', folder: 'data' };
  const { files } = await archive.open(spec, setting.request(), setting.context);
  expect(files.map(({ path }) => path)).toEqual(['a.inf', 'a.sys', `${'long/'.repeat(25)}x`]);
  expect((await readFile(files[1]?.file ?? '')).equals(random)).toBe(true);
});

const special: readonly [string, TarHeader, string][] = [
  ['leads out', { name: '../x' }, 'entry "../x": leads out of its folder with ..'],
  ['leads out below', { name: 'a/../../x' }, 'entry "a/../../x": leads out of its folder with ..'],
  ['is absolute', { name: '/etc/x' }, 'entry "/etc/x": is an absolute path'],
  ['is an absolute folder', { name: '/etc/', type: 'directory' }, 'entry "/etc": is an absolute path'],
  ['is a folder that leads out', { name: '../d/', type: 'directory' }, 'entry "../d": leads out'],
  ['is a link out', { name: 'l', type: 'symlink', linkname: '/etc/passwd' }, 'entry "l": is a symbolic link'],
  ['is a hard link', { name: 'h', type: 'link', linkname: 'data/a.inf' }, 'entry "h": is a hard link'],
  ['is a device', { name: 'dev', type: 'character-device' }, 'entry "dev": is a device'],
  ['is a block device', { name: 'dev', type: 'block-device' }, 'entry "dev": is a device'],
  ['is a fifo', { name: 'f', type: 'fifo' }, 'entry "f": is a fifo'],
  ['is sparse', { name: 's', pax: { 'GNU.sparse.major': '1' } }, 'entry "s": is a sparse file'],
  ['occurs twice', { name: 'data/a.inf' }, 'entry "data/a.inf": occurs twice'],
  ['has no name', { name: './' }, 'entry "": its name is empty'],
];
test.each(special)('an entry that %s is refused', async (_, header, message) => {
  const opening = openTar(await buildTar(tree, [header]));
  await expect(opening).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
  await expect(opening).rejects.toThrow(`a.bin: ${message}`);
});

test('an entry of an unknown kind is refused', async () => {
  const tar = await buildTar({ 'a.inf': 'x' });
  tar.write('V', 156);
  const sum = tar
    .subarray(0, 512)
    .reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  await expect(openTar(tar)).rejects.toThrow('entry "a.inf": is of a type that cannot be unpacked');
});

test('links are harmless outside the folder', async () => {
  const tar = await buildTar(tree, [{ name: 'other/l', type: 'symlink', linkname: '/etc/passwd' }]);
  const { files } = await openTar(tar, 'data');
  expect(files.map(({ path }) => path)).toEqual(['a.inf', 'a.sys']);
});

describe.each<Compression>(['none', 'gz', 'xz', 'zst'])('compression %s', (compression) => {
  const isSkipped = lacksTool(...{ none: [], gz: [], xz: ['xz'], zst: ['zstd'] }[compression]);

  test.skipIf(isSkipped)('a truncated archive is called so, wherever it breaks off', async () => {
    const whole = await compress(await buildTar(tree), compression);
    for (const length of [compression === 'none' ? 400 : 20, 1024, whole.length >> 1, whole.length - 1200]) {
      const opening = openTar(whole.subarray(0, length));
      await expect(opening, String(length)).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
      await expect(opening).rejects.toThrow('a.bin: the file is truncated or damaged: ');
      await expect(opening).rejects.not.toThrow('undefined');
    }
  });

  test.skipIf(isSkipped)('damaged bytes are found', async () => {
    const whole = await compress(await buildTar(tree), compression);
    if (compression === 'none') whole.fill(0x41, 148, 154);
    else whole.fill(0x55, whole.length >> 1, (whole.length >> 1) + 40);
    await expect(openTar(whole)).rejects.toThrow('a.bin: the file is truncated or damaged: ');
  });

  test.skipIf(isSkipped)('an unsafe entry stops the unpacking and leaves no process', async () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`many/${index}`, random]));
    const tar = await buildTar({ a: 'x', 'b/../../c': 'y', ...many });
    const opening = openTar(await compress(tar, compression));
    await expect(opening).rejects.toThrow('entry "b/../../c": leads out of its folder with ..');
    expect(await childrenOf(process.pid)).toEqual([]);
  });

  test.skipIf(isSkipped)('an abort in the middle is prompt and leaves no process', async () => {
    const controller = new AbortController();
    const setting = await makeSetting({ signal: controller.signal });
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`many/${index}`, random]));
    await writeFile(join(setting.base, 'a.bin'), await compress(await buildTar(many), compression));
    const skip = (path: string) => {
      if (path === 'many/3') controller.abort();
      return false;
    };
    const started = performance.now();
    const opening = archive.open(
      { type: 'archive', path: 'a.bin' },
      setting.request({ skip }),
      setting.context,
    );
    await expect(opening).rejects.toMatchObject({ kind: 'interrupted', problems: [{ place }] });
    expect(performance.now() - started).toBeLessThan(20_000);
    expect((await readdir(join(setting.scratch, 'many'))).length).toBeLessThan(6);
    expect(await childrenOf(process.pid)).toEqual([]);
  });

  test.skipIf(isSkipped)('what is compressed must be a tar', async () => {
    if (compression === 'none') return expect(openTar(random)).rejects.toThrow('not a zip or tar archive');
    const opening = openTar(await compress(random, compression));
    await expect(opening).rejects.toMatchObject({ kind: 'input' });
    return expect(opening).rejects.toThrow(/damaged: Invalid tar header/);
  });
});

test('a tar cut between two entries is found by its missing end mark', async () => {
  const tar = await buildTar({ 'a.inf': 'x', 'b.inf': 'y' });
  expect(tar.length).toBe(4 * 512 + 1024);
  const opening = openTar(tar.subarray(0, 1024));
  await expect(opening).rejects.toThrow('damaged: the tar has no end mark (two blocks of zeros)');
});

test('a bomb of many entries stops at the limit', async () => {
  const setting = await makeSetting();
  const tar = pack();
  const writing = pipeline(tar as AsyncIterable<Buffer>, async (chunks) => {
    const parts: Buffer[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    await writeFile(join(setting.base, 'a.tar'), Buffer.concat(parts));
  });
  for (let index = 0; index <= 20_000; index += 1) tar.entry({ name: `${index}/`, type: 'directory' });
  tar.finalize();
  await writing;
  const opening = archive.open({ type: 'archive', path: 'a.tar' }, setting.request(), setting.context);
  await expect(opening).rejects.toThrow('a.tar: holds more than 20000 files and folders');
});

test('a bomb of zeros stops at the ratio', async () => {
  const opening = openTar(await compress(await buildTar({ a: Buffer.alloc(80 * 2 ** 20) }), 'gz'));
  await expect(opening).rejects.toThrow(/a\.bin: unpacks to more than 200 times its \d+ bytes/);
});

test.each([
  ['an empty file', Buffer.alloc(0), 'this is an empty file, not a zip or tar archive'],
  ['a 7z', Buffer.from('377abcaf271c0004', 'hex'), 'this is a 7z archive, not a zip or tar archive'],
  ['text', Buffer.from('hello'), 'this is of no known format, not a zip or tar archive'],
  [
    'a web page',
    Buffer.from('\uFEFF\n<!DOCTYPE html>\n<html><head><title>Sign\n in \u001b[0m</title>'),
    'this is a web page, not a zip or tar archive: "Sign in [0m"',
  ],
  ['a web page without a title', Buffer.from('<html>'), 'this is a web page, not a zip or tar archive'],
])('%s is refused by what it is', async (_, bytes, message) => {
  await expect(openTar(bytes)).rejects.toMatchObject({
    kind: 'input',
    problems: [
      {
        place,
        message: `a.bin: ${message}`,
        hint: expect.stringContaining('must be the archive or ISO itself'),
      },
    ],
  });
});

test('an ISO needs the type iso', async () => {
  const iso = Buffer.alloc(40_000);
  iso.write('CD001', 32769);
  await expect(openTar(iso)).rejects.toMatchObject({
    problems: [
      { message: 'a.bin: this is an ISO, not a zip or tar archive', hint: 'give the source the type iso' },
    ],
  });
});

async function openTar(bytes: Buffer, folder?: string) {
  const setting = await makeSetting();
  await writeFile(join(setting.base, 'a.bin'), bytes);
  const spec = { type: 'archive' as const, path: 'a.bin', folder };
  return archive.open(spec, setting.request(), setting.context);
}
