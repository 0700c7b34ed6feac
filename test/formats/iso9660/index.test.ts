import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PvdiscError, type RandomAccess, readIso } from '../../../pipeline/formats/iso9660/index.ts';
import { temporaryFolder } from '../../builders/release.ts';
import { file as isoFile } from '../../hostile/disc-nodes.ts';
import { isoImage } from '../../hostile/iso-image.ts';

const image = isoImage([isoFile('A.SYS;1'), isoFile('B.INF;1')]);

test('an ISO is the same from a path, from bytes and from a reader', async () => {
  const path = join(await temporaryFolder('pvdisc-iso-'), 'x.iso');
  await writeFile(path, image);
  const reader: RandomAccess = {
    size: image.length,
    read: async (offset, length) => new Uint8Array(image.subarray(offset, offset + length)),
  };
  const iso = await readIso(reader);
  expect(iso.files.map((entry) => entry.path)).toEqual(['A.SYS', 'B.INF']);
  expect(await readIso(path)).toEqual(iso);
  expect(await readIso(image)).toEqual(iso);
});

test.each([
  ['an empty file', Buffer.alloc(0), /are beyond the end of the file/],
  ['one that is cut off', image.subarray(0, 18 * 2048), /damaged/],
  ['text', Buffer.alloc(64 * 2048, 'x'), /sector 16 is not a volume descriptor/],
])('%s is refused', async (_, bytes, message) => {
  const error = await readIso(bytes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PvdiscError);
  expect((error as Error).message).toMatch(message);
});

test('a reader that gives fewer bytes than it says is refused', async () => {
  const short: RandomAccess = { size: image.length, read: async () => new Uint8Array(10) };
  await expect(readIso(short)).rejects.toThrow(PvdiscError);
});

test('reading ends by its signal', async () => {
  await expect(readIso(image, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow(
    'stopped',
  );
});
