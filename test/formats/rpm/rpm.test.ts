import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text as streamText } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { defaultLimits } from '../../../pipeline/core/limits.ts';
import { readDebTar } from '../../../pipeline/formats/deb/read-tar.ts';
import { withRandomAccess } from '../../../pipeline/formats/random-access.ts';
import { cpioAsTar, readRpm } from '../../../pipeline/formats/rpm/index.ts';
import type { TarEntry } from '../../../pipeline/formats/tar/read.ts';
import { lacksTool } from '../../builders/needs.ts';
import { problemsOf } from '../../builders/problems.ts';
import { makeRpm } from '../../builders/rpm.ts';

const subject = { place: 'test', name: 'x.rpm' };
const signal = new AbortController().signal;
const read = (bytes: Uint8Array) => withRandomAccess(bytes, (rpm) => readRpm(rpm, subject));

/** Reads the entries of a payload, and the texts of its files. */
async function entriesOf(cpio: Buffer): Promise<Map<string, TarEntry & { text: string }>> {
  const found = new Map<string, TarEntry & { text: string }>();
  const reading = { subject, limits: defaultLimits, packedBytes: cpio.length, signal, asDpkg: false };
  await readDebTar(cpioAsTar(Readable.from([cpio]), subject), reading, async (entry, chunks) => {
    const text = entry.kind === 'file' ? await streamText(Readable.from(chunks)) : '';
    found.set(entry.path, { ...entry, text });
  });
  return found;
}

/** An entry of a cpio archive (newc). */
function cpio(name: string, fields: Readonly<Record<number, number>>, data = ''): Buffer {
  const values = { 6: data.length, 11: name.length + 1, ...fields } as Readonly<Record<number, number>>;
  const hex = Array.from({ length: 13 }, (_, index) => (values[index] ?? 0).toString(16).padStart(8, '0'));
  const padded = (text: string) => text.padEnd(Math.ceil(text.length / 4) * 4, '\0');
  return Buffer.from(padded(`070701${hex.join('')}${name}\0`) + padded(data), 'latin1');
}

const end = cpio('TRAILER!!!', {});
const file = { 1: 0o100644, 4: 1 };

describe.skipIf(lacksTool('rpmbuild'))('the reader of RPM packages', () => {
  let bytes: Buffer;

  beforeAll(async () => {
    const folder = await mkdtemp(join(inject('runFolder'), 'rpm-reader-'));
    const install = `mkdir -p usr/share/x; printf one >usr/share/x/a; ln usr/share/x/a usr/share/x/b
ln usr/share/x/a usr/share/x/c; ln -s a usr/share/x/link; : >usr/share/x/empty`;
    bytes = await readFile(await makeRpm(folder, { name: 'x', install, files: '/usr/share/x' }));
  });

  test('reads headers, digests and payload; of hard links, each has the bytes', async () => {
    const { name, version, release, files, payload, digests } = await read(bytes);
    expect({ name, version, release }).toEqual({ name: 'x', version: '1.0', release: '1' });
    expect(files.map(({ path }) => path)).toEqual(
      ['', '/a', '/b', '/c', '/empty', '/link'].map((path) => `usr/share/x${path}`),
    );
    expect(digests.header.stated).toBe(digests.header.found);
    expect(digests.payload.stated).toBe(digests.payload.found);
    const entries = await entriesOf(gunzipSync(bytes.subarray(payload.offset)));
    expect([...entries.values()].map(({ path, kind, target, text }) => [path, kind, target, text])).toEqual([
      ['usr/share/x', 'folder', undefined, ''],
      ['usr/share/x/empty', 'file', undefined, ''],
      ['usr/share/x/link', 'symbolic link', 'a', ''],
      ['usr/share/x/a', 'file', undefined, 'one'],
      ['usr/share/x/b', 'hard link', 'usr/share/x/a', ''],
      ['usr/share/x/c', 'hard link', 'usr/share/x/a', ''],
    ]);
  });

  test('notices each changed byte of header and payload, and refuses whatever it cannot read', async () => {
    const { payload } = await read(bytes);
    const unnoticed: number[] = [];
    for (let at = 0; at < bytes.length; at += 3) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      const found = await read(changed).catch((error: Error) => error);
      if (found instanceof Error) expect(found.name).toBe('PipelineError');
      else if (Object.values(found.digests).every(({ stated, found: sum }) => stated === sum))
        unnoticed.push(at);
    }
    // The lead, and signatures other than the sha256 of the header, say nothing that is used.
    const header = bytes.indexOf(Buffer.from('8eade801', 'hex'), 200);
    expect(unnoticed.filter((at) => at >= header)).toEqual([]);
    expect(payload.offset).toBeGreaterThan(header);
    for (const length of [0, 4, 95, 96, 111, 200, header, header + 20, payload.offset - 1])
      await problemsOf(read(bytes.subarray(0, length)));
    for (let count = 0; count < 50; count += 1)
      await problemsOf(read(Buffer.concat([bytes.subarray(0, 96), randomBytes(300)])));
  });

  test.each([
    ['entries without end', 8],
    ['data without end', 12],
  ])('refuses a header with %s', async (_, at) => {
    const changed = Buffer.from(bytes);
    changed.writeUInt32BE(0xffffffff, 96 + at);
    expect((await problemsOf(read(changed)))[0]).toMatch(
      /the RPM header at byte 96 has \d+ entries and \d+ bytes/,
    );
  });
});

describe('the payload of an RPM package', () => {
  const whole = Buffer.concat([cpio('./usr/a', file, 'text'), end]);

  test('is read from any chunks', async () => {
    const chunks = Array.from(whole, (byte) => Buffer.from([byte]));
    const found: string[] = [];
    const reading = { subject, limits: defaultLimits, packedBytes: 1, signal, asDpkg: false };
    await readDebTar(cpioAsTar(Readable.from(chunks), subject), reading, ({ path }) => void found.push(path));
    expect(found).toEqual(['usr/a']);
  });

  test.each<[string, Buffer, RegExp]>([
    ['no archive', Buffer.alloc(200), /no cpio archive/],
    ['an entry of 4 GiB', Buffer.from(`07070X${'0'.repeat(104)}`), /4 GiB/],
    ['a name without end', cpio('x', { ...file, 11: 0xffffffff }), /a name of 4294967295 bytes/],
    ['an empty name', cpio('x', { ...file, 11: 0 }), /a name of 0 bytes/],
    ['a file that ends too early', whole.subarray(0, 120), /ends too early/],
    ['no end', whole.subarray(0, -end.length), /ends too early/],
    ['a device', Buffer.concat([cpio('./dev', { 1: 0o020644 }), end]), /no file, folder or link/],
    [
      'a link to a book',
      Buffer.concat([cpio('./l', { 1: 0o120777 }, 'x'.repeat(5000)), end]),
      /no file, folder/,
    ],
    ['a path outside', Buffer.concat([cpio('../x', file, 'x'), end]), /\.\./],
    ['one path twice', Buffer.concat([cpio('./a', file), cpio('./a', file), end]), /"a"/],
  ])('with %s is refused', async (_, bytes, message) => {
    expect((await problemsOf(entriesOf(bytes)))[0]).toMatch(message);
  });
});
