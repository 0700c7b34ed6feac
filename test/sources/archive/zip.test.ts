import { createHash } from 'node:crypto';
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ratioFromBytes } from '../../../pipeline/core/limits.ts';
import { archive } from '../../../pipeline/sources/archive/archive.ts';
import { makeSetting, place } from '../../builders/source-setting.ts';
import { buildZip, withBytes } from '../../builders/zip.ts';

const tree = { 'data/x86/a.inf': 'inf', 'data/x86/a.sys': 'sys', 'other/b.txt': 'b' };

test('entries below ./, as packing the current folder writes them, have the names that they have in a tar', async () => {
  const zip = withBytes(await buildZip({ '_/data/a.inf': 'inf', '_/b.txt': 'b' }), '_/', './');
  const { files } = await openZip(zip);
  expect(files.map(({ path }) => path)).toEqual(['b.txt', 'data/a.inf']);
});

test('a folder limits the source to what lies below', async () => {
  const { files } = await openZip(await buildZip(tree), { folder: 'data/x86' });
  expect(files.map(({ path }) => path)).toEqual(['a.inf', 'a.sys']);
  expect(await readFile(files[0]?.file ?? '', 'utf8')).toBe('inf');
});

test('a folder that is not there is an error that says what is', async () => {
  await expect(openZip(await buildZip(tree), { folder: 'Data' })).rejects.toMatchObject({
    kind: 'input',
    problems: [
      {
        place,
        message: 'a.bin: holds no file below the folder Data',
        hint: 'at its top it has data, other; case matters',
      },
    ],
  });
  const flat = openZip(await buildZip({ 'a.inf': 'x' }), { folder: 'data' });
  await expect(flat).rejects.toThrow('it has no folders; case matters');
});

test('the digest is checked before a byte is unpacked', async () => {
  const zip = await buildZip(tree);
  const sha256 = createHash('sha256').update(zip).digest('hex');
  expect((await openZip(zip, { sha256 })).files.length).toBe(3);
  await expect(openZip(zip, { sha256: 'c'.repeat(64) })).rejects.toMatchObject({
    kind: 'input',
    problems: [
      {
        place,
        message: `a.bin: has sha256 ${sha256}, expected ${'c'.repeat(64)}`,
        hint: expect.stringContaining('get the file again'),
      },
    ],
  });
});

test('a file that --use gives must have the digest too; a folder cannot have it', async () => {
  const setting = await makeSetting();
  const file = join(setting.base, 'other.zip');
  await writeFile(file, await buildZip(tree));
  const spec = { type: 'archive' as const, path: 'gone.zip', sha256: 'c'.repeat(64) };
  const wrong = archive.open(spec, setting.request({ override: file }), setting.context);
  await expect(wrong).rejects.toThrow(`${place}: ${file}: has sha256 `);
  const folder = archive.open(spec, setting.request({ override: setting.base }), setting.context);
  await expect(folder).rejects.toMatchObject({
    kind: 'usage',
    problems: [
      {
        place: `--use drivers=${setting.base}`,
        message: expect.stringContaining(
          'a folder cannot stand in for one file, since its digest cannot be checked',
        ),
        hint: `give the file that ${place} names`,
      },
    ],
  });
  const device = archive.open(spec, setting.request({ override: '/dev/null' }), setting.context);
  await expect(device).rejects.toThrow('--use drivers=/dev/null: is neither a file nor a folder');
});

test('an empty zip is a source without files', async () => {
  expect((await openZip(await buildZip({}))).files).toEqual([]);
});

test.each([
  ['x__evil', '../evil', 'leads out of its folder with ..'],
  ['x/__/evil', 'x/../evil', 'leads out of its folder with ..'],
  ['_evil', '/evil', 'is an absolute path'],
  ['c_evil', 'c:evil', 'is an absolute path'],
  ['x_evil', 'x\\evil', 'backslash'],
  ['x_evil', 'x\u0000evil', 'control or formatting character'],
])('a name %j patched to %j is refused', async (name, evil, message) => {
  const setting = await makeSetting();
  const zip = withBytes(await buildZip({ [name]: 'x' }), name, evil);
  await writeFile(join(setting.base, 'a.zip'), zip);
  const opening = archive.open({ type: 'archive', path: 'a.zip' }, setting.request(), setting.context);
  await expect(opening).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
  await expect(opening).rejects.toThrow(message);
  await expect(opening).rejects.toThrow('a.zip: entry "');
});

test('a name that is not UTF-8 though it says so is refused', async () => {
  const zip = withBytes(await buildZip({ 'ä.txt': 'x' }), Buffer.from('ä'), Buffer.from([0xe4, 0xe4]));
  await expect(openZip(zip)).rejects.toThrow('its name is not valid UTF-8');
});

test('a symbolic link is refused inside the folder, and harmless outside', async () => {
  const zip = await buildZip(tree, { symlinks: { 'other/link': '/etc/passwd' } });
  await expect(openZip(zip)).rejects.toMatchObject({
    kind: 'input',
    problems: [{ place, message: 'a.bin: entry "other/link": is a symbolic link' }],
  });
  expect((await openZip(zip, { folder: 'data' })).files.length).toBe(2);
});

test('a device is refused', async () => {
  const zip = await buildZip({}, { symlinks: { dev: 'x' } });
  const attributes = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 38;
  zip.writeUInt32LE((0o020644 << 16) >>> 0, attributes);
  await expect(openZip(zip)).rejects.toThrow('entry "dev": is neither a file nor a folder');
});

test('a file and a folder of one name are refused', async () => {
  expect((await openZip(await buildZip({ 'a/': '', 'a/b': 'x' }))).files.map(({ path }) => path)).toEqual([
    'a/b',
  ]);
  await expect(openZip(await buildZip({ 'a/b': 'x', A: 'y' }))).rejects.toThrow(
    'is both a file and a folder',
  );
  await expect(openZip(await buildZip({ A: 'y', 'a/b': 'x' }))).rejects.toThrow(
    'is both a file and a folder',
  );
});

test('the same path twice is refused', async () => {
  const zip = withBytes(await buildZip({ 'a.txt': 'x', 'b.txt': 'y' }), 'b.txt', 'a.txt');
  await expect(openZip(zip)).rejects.toThrow('entry "a.txt": occurs twice');
});

test('a truncated zip is called so, wherever it breaks off', async () => {
  const zip = await buildZip({ 'a.sys': Buffer.alloc(50_000, 'abc'), 'b.sys': 'b' });
  for (const length of [4, 30, 100, zip.length - 100, zip.length - 1]) {
    const opening = openZip(zip.subarray(0, length));
    await expect(opening, String(length)).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
    await expect(opening).rejects.toThrow('a.bin: the file is truncated or damaged: ');
  }
});

test('damaged bytes are found by the CRC-32, the size and the compression', async () => {
  const stored = withBytes(await buildZip({ 'a.sys': 'content' }, { store: true }), 'content', 'c0ntent');
  await expect(openZip(stored)).rejects.toThrow(
    'damaged: entry "a.sys" does not have the size or the CRC-32 from the directory',
  );
  const packed = await buildZip({ 'a.sys': Buffer.alloc(5000, 'some text, ') });
  const data = packed.indexOf('a.sys') + 5;
  packed.fill(0xff, data, data + 8);
  await expect(openZip(packed)).rejects.toThrow('a.bin: the file is truncated or damaged: ');
});

test('a directory of more entries than the end record counts is refused', async () => {
  const zip = await buildZip({ 'a.sys': 'a', 'b.sys': 'b' });
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  zip.writeUInt16LE(1, end + 8);
  zip.writeUInt16LE(1, end + 10);
  await expect(openZip(zip)).rejects.toThrow('damaged: its end record counts 1 entry, but it has more');
});

test('encrypted files and rare compressions are refused with a way out', async () => {
  const zip = await buildZip({ 'a.sys': 'a' });
  const entry = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  const encrypted = Buffer.from(zip);
  encrypted.writeUInt16LE(1, entry + 8);
  await expect(openZip(encrypted)).rejects.toMatchObject({
    problems: [{ message: 'a.bin: entry "a.sys": is encrypted', hint: 'give an archive without a password' }],
  });
  const lzma = Buffer.from(zip);
  lzma.writeUInt16LE(14, entry + 10);
  await expect(openZip(lzma)).rejects.toThrow(
    'is compressed by method 14, expected 0 (stored) or 8 (deflate)',
  );
});

test('a bomb stops at the ratio', async () => {
  const bomb = await buildZip({ 'a.bin': Buffer.alloc(ratioFromBytes + 2 ** 20) });
  const opening = openZip(bomb);
  await expect(opening).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
  await expect(opening).rejects.toThrow(/unpacks to more than 200 times its \d+ bytes/);
});

test('an abort in the middle leaves no open file', async () => {
  const controller = new AbortController();
  const setting = await makeSetting({ signal: controller.signal });
  const file = join(setting.base, 'a.zip');
  await writeFile(
    file,
    await buildZip({ 'a.sys': 'a', 'b.sys': Buffer.alloc(500_000, 'abc'), 'c.sys': 'c' }),
  );
  const skip = (path: string) => {
    if (path === 'b.sys') setImmediate(() => controller.abort());
    return false;
  };
  const opening = archive.open(
    { type: 'archive', path: 'a.zip' },
    setting.request({ skip }),
    setting.context,
  );
  await expect(opening).rejects.toMatchObject({ kind: 'interrupted', problems: [{ place }] });
  await expect.poll(() => openFiles(), { timeout: 60_000 }).not.toContain(file);
});

/** Files that this process has open, where the kernel tells. */
async function openFiles(): Promise<string[]> {
  const names = await readdir('/proc/self/fd').catch(() => []);
  return Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
}

async function openZip(bytes: Buffer, spec: { folder?: string; sha256?: string } = {}) {
  const setting = await makeSetting();
  await writeFile(join(setting.base, 'a.bin'), bytes);
  return archive.open({ type: 'archive', path: 'a.bin', ...spec }, setting.request(), setting.context);
}
