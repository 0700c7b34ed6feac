import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type DebReading, PvdiscError, readDeb } from '../../../pipeline/formats/deb/index.ts';
import { type DebMember, writeAr } from '../../builders/changed-deb.ts';
import { tarArchive } from '../../hostile/tar-archive.ts';

const utf8 = (text: string) => Buffer.from(text);
const binary: DebMember = { name: 'debian-binary', bytes: utf8('2.0\n') };
const control: DebMember = {
  name: 'control.tar.gz',
  bytes: gzipSync(
    tarArchive([
      { name: './', type: '5' },
      { name: './control', bytes: utf8('Package: x\nVersion: 1-2\nDescription: one\n two\n') },
      { name: './postinst', bytes: utf8('#!/bin/sh\n') },
    ]),
  ),
};
const good = { name: './usr/good', bytes: utf8('bytes') };
const data = (...entries: Parameters<typeof tarArchive>[0]): DebMember => ({
  name: 'data.tar',
  bytes: tarArchive(entries),
});

async function read(members: readonly DebMember[], reading?: DebReading) {
  return readDeb(writeAr(members), reading);
}

test('fields, control files and what is installed are read from bytes', async () => {
  const read: [string, string][] = [];
  const onFile: DebReading['onFile'] = async ({ path, kind }, chunks) => {
    if (kind === 'file') read.push([path, (await buffer(chunks)).toString()]);
  };
  const link = { name: './usr/same', type: '1', link: './usr/good' } as const;
  const deb = await readDeb(writeAr([binary, control, data({ name: './usr/', type: '5' }, good, link)]), {
    onFile,
  });
  expect(deb.members).toEqual(['debian-binary', 'control.tar.gz', 'data.tar']);
  expect([...deb.fields]).toEqual([
    ['Package', 'x'],
    ['Version', '1-2'],
    ['Description', 'one\ntwo'],
  ]);
  expect(deb.control.map(({ path }) => path)).toEqual(['', 'control', 'postinst']);
  expect(deb.files.map(({ kind, path, size, target }) => [kind, path, size, target])).toEqual([
    ['folder', 'usr', 0, undefined],
    ['file', 'usr/good', 5, undefined],
    ['hard link', 'usr/same', 0, 'usr/good'],
  ]);
  expect(read).toEqual([['usr/good', 'bytes']]);
});

test('a compressed tar that Node.js does not read goes through the option', async () => {
  const packed = { name: 'data.tar.zst', bytes: utf8('packed') };
  await expect(read([binary, control, packed])).rejects.toThrow(/has a tar\.zst\n {2}hint: pass the option/);
  const seen: [string, string][] = [];
  const { files } = await read([binary, control, packed], {
    decompress: async function* (chunks, format) {
      seen.push([format, (await buffer(chunks)).toString()]);
      yield new Uint8Array(tarArchive([good]));
    },
  });
  expect(seen).toEqual([['tar.zst', 'packed']]);
  expect(files.map(({ path }) => path)).toEqual(['usr/good']);
});

test.each<[string, readonly DebMember[], RegExp]>([
  ['an archive of something else', [data(good)], /is an ar archive, but not a Debian package/],
  ['a package without files', [binary, control], /has no readable data\.tar/],
  [
    'a package without a control file',
    [binary, { ...control, bytes: gzipSync(tarArchive([good])) }, data(good)],
    /has no control file/,
  ],
  [
    'a path that leads out',
    [binary, control, data({ ...good, name: './usr/../../evil' })],
    /leads out of its folder/,
  ],
  ['a path twice', [binary, control, data(good, good)], /usr\/good/],
  [
    'a hard link to nothing',
    [binary, control, data({ name: './l', type: '1', link: './usr/good' }, good)],
    /is a hard link, but no earlier entry is its target/,
  ],
  [
    'a hard link with bytes',
    [binary, control, data(good, { name: './l', type: '1', link: './usr/good', bytes: utf8('x') })],
    /is a hard link with 1 bytes/,
  ],
  [
    'a tar that is cut off',
    [binary, control, { name: 'data.tar', bytes: tarArchive([good]).subarray(0, 1024) }],
    /has no end mark/,
  ],
])('%s is refused', async (_, members, message) => {
  const error = await read(members).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PvdiscError);
  expect((error as Error).message).toMatch(message);
});

test('what is no ar archive is refused', async () => {
  await expect(readDeb(utf8('text'))).rejects.toThrow(
    'deb: package: is not a Debian package: it is not an ar archive',
  );
});

test('limits hold', async () => {
  const { defaultLimits } = await import('../../../pipeline/formats/deb/index.ts');
  const limits = { ...defaultLimits, files: 2 };
  const entries = [good, { ...good, name: './a' }, { ...good, name: './b' }];
  await expect(read([binary, control, data(...entries)], { limits })).rejects.toThrow(/more than 2 files/);
});
