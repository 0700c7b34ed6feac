import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { type PackedEntry, textFile } from '../../pipeline/package/contents.ts';
import { tarStream } from '../../pipeline/package/tar.ts';
import { hashFile } from '../../pipeline/system/files.ts';
import { temporaryFolder, writeText } from '../builders/release.ts';

const epoch = 1795176000;

async function list(entries: readonly PackedEntry[]): Promise<string[]> {
  const { bytes } = tarStream(entries, { epoch });
  const { stdout } = await execa('tar', ['tv', '--full-time', '--quoting-style=literal'], {
    input: await buffer(bytes),
    env: { TZ: 'UTC', LC_ALL: 'C' },
  });
  return stdout.split('\n').map((line) => line.replaceAll(/ +/g, ' '));
}

test('every entry belongs to root and has the one date', async () => {
  const folder = await temporaryFolder('pvdisc-tar-');
  const file = await writeText(folder, 'disc', 'x'.repeat(513));
  expect(
    await list([
      { kind: 'folder', path: '' },
      { kind: 'folder', path: 'a' },
      { kind: 'file', path: 'a/disc.iso', mode: 0o444, size: 513, content: await hashFile(file) },
      { kind: 'link', path: 'a/link.iso', target: 'disc.iso' },
      textFile('a/text', 'text'),
      textFile('a/empty', ''),
    ]),
  ).toEqual([
    'drwxr-xr-x root/root 0 2026-11-20 12:00:00 ./',
    'drwxr-xr-x root/root 0 2026-11-20 12:00:00 ./a/',
    '-r--r--r-- root/root 513 2026-11-20 12:00:00 ./a/disc.iso',
    'lrwxrwxrwx root/root 0 2026-11-20 12:00:00 ./a/link.iso -> disc.iso',
    '-rw-r--r-- root/root 4 2026-11-20 12:00:00 ./a/text',
    '-rw-r--r-- root/root 0 2026-11-20 12:00:00 ./a/empty',
  ]);
});

test('the digests are there when the bytes have been read, and all bytes were counted', async () => {
  let counted = 0;
  const entries = [
    textFile('a', 'abc'),
    textFile('b', ''),
    { kind: 'link', path: 'c', target: 'a' } as const,
  ];
  const { bytes, md5 } = tarStream(entries, { epoch, onBytes: (count) => (counted += count) });
  await buffer(bytes);
  expect([...md5]).toEqual([
    ['a', '900150983cd24fb0d6963f7d28e17f72'],
    ['b', 'd41d8cd98f00b204e9800998ecf8427e'],
  ]);
  expect(counted).toBe(3);
});

test('a file of 8 GiB gets a header that dpkg reads (base 256, deb(5))', async () => {
  const size = 2 ** 33;
  const file = await writeText(await temporaryFolder('pvdisc-tar-'), 'big', '');
  await truncate(file, size);
  const { bytes } = tarStream(
    [{ kind: 'file', path: 'big', mode: 0o644, size, content: { file, sha256: '' } }],
    { epoch },
  );
  const [header] = (await bytes.take(1).toArray()) as Buffer[];
  expect(header?.subarray(124, 136).toString('hex')).toBe('800000000000000200000000');
});

test('a file that is not there ends the tar with its path', async () => {
  const file = join(await temporaryFolder('pvdisc-tar-'), 'gone.iso');
  const { bytes } = tarStream(
    [{ kind: 'file', path: 'x.iso', mode: 0o444, size: 1, content: { file, sha256: '' } }],
    {
      epoch,
    },
  );
  await expect(buffer(bytes)).rejects.toMatchObject({ problems: [{ place: file, message: 'no such file' }] });
});

test.each([2, 4])('a file that has changed its size to %d bytes ends the tar', async (size) => {
  const file = await writeText(await temporaryFolder('pvdisc-tar-'), 'x.iso', 'abc');
  const { bytes } = tarStream(
    [{ kind: 'file', path: 'x.iso', mode: 0o444, size, content: { file, sha256: '' } }],
    {
      epoch,
    },
  );
  await expect(buffer(bytes)).rejects.toThrow('a source file changed during the build');
});

test.each([`usr/${'x'.repeat(101)}`, `${'x/'.repeat(80)}${'y'.repeat(99)}`])(
  'a path that dpkg could not read is refused',
  (path) => {
    expect(() => tarStream([textFile(path, '')], { epoch })).toThrow(
      `${path}: is too long for a package (100 characters for the name and 155 for its folders)\n  hint: use a shorter name or version for the release or its package`,
    );
  },
);

test('long paths and hard links to them are those that tar and dpkg read', async () => {
  const path = `${'folder/'.repeat(20)}${'n'.repeat(96)}`;
  const link = `${'folder/'.repeat(20)}link`;
  const entries = [textFile(path, 'text'), { kind: 'hard-link', path: link, target: path } as const];
  expect(await list(entries)).toEqual([
    `-rw-r--r-- root/root 4 2026-11-20 12:00:00 ./${path}`,
    `hrw-r--r-- root/root 0 2026-11-20 12:00:00 ./${link} link to ./${path}`,
  ]);
  const { bytes, md5 } = tarStream(entries, { epoch });
  const root = await temporaryFolder('pvdisc-tar-');
  const input = await buffer(bytes);
  expect(input.includes('PaxHeader'), 'dpkg refuses pax headers').toBe(false);
  await execa('tar', ['x', '-C', root], { input });
  const [file, other] = await Promise.all([path, link].map((name) => stat(join(root, name))));
  expect(other?.ino).toBe(file?.ino);
  expect(md5.get(link)).toBe(md5.get(path));
});

test('a file that is not the one that was hashed ends the tar', async () => {
  const file = await writeText(await temporaryFolder('pvdisc-tar-'), 'x.sys', 'abc');
  const content = { file, sha256: '0'.repeat(64) };
  const { bytes } = tarStream([{ kind: 'file', path: 'a/x.sys', mode: 0o444, size: 3, content }], { epoch });
  await expect(buffer(bytes)).rejects.toThrow(
    `${file}: has sha256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad, expected ${content.sha256}, for /a/x.sys in the package\n` +
      '  hint: a source file changed during the build: build again',
  );
});

test('a date that a header would cut off is refused', () => {
  expect(() => tarStream([], { epoch: 2 ** 31 })).toThrow(
    'SOURCE_DATE_EPOCH: 2147483648 is after 19 January 2038, the last date that a package can store',
  );
});
