import { execFile } from 'node:child_process';
import { link, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type SourceFile, storedBytes } from '../../pipeline/sources/define.ts';
import { iso } from '../../pipeline/sources/iso.ts';
import { hashStored, readStored } from '../../pipeline/system/stored-bytes.ts';
import { buildIso, recordOf, writeBothEndian } from '../builders/iso.ts';
import { lacksTool } from '../builders/needs.ts';
import { makeSetting, place } from '../builders/source-setting.ts';
import { withBytes } from '../builders/zip.ts';

const tree = {
  'amd64/w11/a.inf': 'inf',
  'amd64/w11/a.sys': Buffer.alloc(5000, 'sys'),
  'guest-agent/b.msi': 'msi',
};
/** Upper case and no Rock Ridge: the names stand as they are in the directory records. */
const plain = ['--norock'];
const damaged = 'x.iso: the file is truncated or damaged: ';

describe.skipIf(lacksTool('xorriso'))('a good ISO', () => {
  test('a folder limits the source to what lies below', async () => {
    const { files } = await openIso(await buildIso(tree), { folder: 'amd64/w11' });
    expect(files.map(({ path }) => path)).toEqual(['a.inf', 'a.sys']);
    expect((await read(files[1])).equals(tree['amd64/w11/a.sys'])).toBe(true);
    await expect(openIso(await buildIso(tree), { folder: 'w11' })).rejects.toThrow(
      'x.iso: holds no file below the folder w11\n  hint: at its top it has amd64, guest-agent; case matters',
    );
  });

  test('names come from Joliet where there is no Rock Ridge', async () => {
    const { files } = await openIso(
      await buildIso({ 'grün/ä ö.txt': 'x' }, ['-J', '-joliet-long', '--norock']),
    );
    expect(files.map(({ path }) => path)).toEqual(['grün/ä ö.txt']);
  });

  test('a file in several extents is put together', async () => {
    const bytes = await buildIso(
      { 'AAA.BIN': Buffer.alloc(2048, 'a'), 'AAB.BIN': 'tail', 'B.TXT': 'b' },
      plain,
    );
    const first = recordOf(bytes, 'AAA.BIN;1');
    bytes[first + 25] = (bytes[first + 25] ?? 0) | 0x80;
    const { files } = await openIso(withBytes(bytes, 'AAB.BIN;1', 'AAA.BIN;1'));
    expect(files.map(({ path }) => path)).toEqual(['AAA.BIN', 'B.TXT']);
    expect((await read(files[0])).toString('latin1')).toBe(`${'a'.repeat(2048)}tail`);
    expect((await read(files[1])).toString('latin1')).toBe('b');
  });

  test('one extent for two files is read twice', async () => {
    const content = Buffer.alloc(4000, 'same');
    const { files } = await openIso(await buildIso({ 'a/x.sys': content, 'b/x.sys': content }));
    for (const file of files) expect((await read(file)).equals(content)).toBe(true);
    expect(files.length).toBe(2);
  });
});

test.skipIf(lacksTool('xorriso'))('a name with slashes, which xorriso would change, is refused', async () => {
  const bytes = withBytes(await buildIso({ 'DIR/XX_YY.BIN': 'x' }, ['-r']), 'XX_YY.BIN', '../YY.BIN');
  await expect(openIso(bytes)).rejects.toThrow(
    'x.iso: has the Rock Ridge name "../YY.BIN", which is unsafe or too long',
  );
});

describe.skipIf(lacksTool('xorriso'))('what is refused on an ISO', () => {
  test('links, devices and boot catalogs inside the folder', async () => {
    const bytes = await buildIso(tree, ['-r'], (folder) =>
      symlink('/etc/passwd', join(folder, 'amd64/link')),
    );
    await expect(openIso(bytes)).rejects.toMatchObject({
      kind: 'input',
      problems: [
        {
          place,
          message: 'x.iso: entry "amd64/link": is not a regular file (a link, device or boot catalog)',
        },
      ],
    });
    expect((await openIso(bytes, { folder: 'guest-agent' })).files.length).toBe(1);
    const boot = ['-r', '-b', 'boot.img', '-c', 'boot.cat', '-no-emul-boot'];
    await expect(openIso(await buildIso({ 'boot.img': Buffer.alloc(2048) }, boot))).rejects.toThrow(
      'entry "boot.cat"',
    );
    const fifo = await buildIso(tree, ['-r'], (folder) =>
      promisify(execFile)('mkfifo', [join(folder, 'fifo')]),
    );
    await expect(openIso(fifo)).rejects.toThrow('entry "fifo": is not a regular file');
  });

  test('a name that leads out', async () => {
    const bytes = await buildIso({ AB: 'x' }, [...plain, '-omit-version-number', '-omit-period']);
    const opening = openIso(withBytes(bytes, '\x02AB', '\x02..'));
    await expect(opening).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
    await expect(opening).rejects.toThrow('x.iso: entry "..": leads out of its folder with ..');
  });

  test('two files of one path', async () => {
    const bytes = await buildIso({ 'AAA.BIN': 'a', 'AAB.BIN': 'b' }, plain);
    const opening = openIso(withBytes(bytes, 'AAB.BIN', 'AAA.BIN'));
    await expect(opening).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
    await expect(opening).rejects.toThrow('x.iso: entry "AAA.BIN": occurs twice');
  });

  test('files that share one extent a thousandfold', async () => {
    const bytes = await buildIso({ '0.bin': Buffer.alloc(2 ** 20, 'x') }, ['-r'], async (folder) => {
      for (let index = 1; index < 2000; index += 1)
        await link(join(folder, '0.bin'), join(folder, `${index}.bin`));
    });
    expect(bytes.length).toBeLessThan(2 * 2 ** 20);
    const opening = openIso(bytes);
    await expect(opening).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
    await expect(opening).rejects.toThrow(/unpacks to more than 200 times its \d+ bytes/);
  });

  test('files compressed with zisofs, whose bytes would be wrong', async () => {
    const content = Buffer.concat([Buffer.from('37e45396c9dbd607', 'hex'), Buffer.alloc(100)]);
    await expect(openIso(await buildIso({ 'a.bin': content }))).rejects.toThrow('is compressed with zisofs');
  });
});

describe.skipIf(lacksTool('xorriso'))('a broken ISO', () => {
  test('is found where it is shorter than its volume', async () => {
    const bytes = await buildIso(tree);
    for (const length of [32775, 36_000, 50_000, 80_000, bytes.length - 2048]) {
      const opening = openIso(bytes.subarray(0, length));
      await expect(opening, String(length)).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
      await expect(opening).rejects.toThrow(damaged);
    }
    await expect(openIso(bytes.subarray(0, 80_000))).rejects.toThrow(
      `${damaged}the file has 80000 bytes, but its ISO volume has ${bytes.length}`,
    );
  });

  test('is found where an extent lies beyond the end', async () => {
    const bytes = await buildIso({ 'AAA.BIN': 'a' }, plain);
    writeBothEndian(bytes, recordOf(bytes, 'AAA.BIN;1') + 2, 0x7fffff);
    await expect(openIso(bytes)).rejects.toThrow(`${damaged}entry "AAA.BIN" is beyond the end of the file`);
  });

  test('is found where a size reaches beyond the end', async () => {
    const bytes = await buildIso({ 'AAA.BIN': 'a' }, plain);
    writeBothEndian(bytes, recordOf(bytes, 'AAA.BIN;1') + 10, 0xffffffff);
    await expect(openIso(bytes)).rejects.toThrow(`${damaged}entry "AAA.BIN" is beyond the end of the file`);
  });

  test('is found where a folder leads back to its parent, on which xorriso never ends', async () => {
    const bytes = await buildIso({ 'DIR/SUB/A.TXT': 'a' }, plain);
    const root = bytes.readUInt32LE(16 * 2048 + 156 + 2);
    writeBothEndian(bytes, recordOf(bytes, 'SUB') + 2, root);
    await expect(openIso(bytes)).rejects.toThrow(`${damaged}the folder at sector ${root} is duplicated`);
  });

  test('is found where a folder has a broken record, over which xorriso passes silently', async () => {
    const bytes = await buildIso({ 'AAA.BIN': 'a', 'B.TXT': 'b' }, plain);
    for (const length of [0, 34]) {
      const broken = Buffer.from(bytes);
      broken[recordOf(bytes, 'AAA.BIN;1')] = length;
      await expect(openIso(broken), String(length)).rejects.toThrow(
        /the folder at sector \d+ has a broken record/,
      );
    }
  });

  test('is found where a folder lies beyond the end, or is of absurd size', async () => {
    const bytes = await buildIso({ 'DIR/A.TXT': 'a' }, plain);
    const beyond = Buffer.from(bytes);
    writeBothEndian(beyond, recordOf(bytes, 'DIR') + 2, 0x7fffff);
    await expect(openIso(beyond)).rejects.toThrow('entry "DIR" is beyond the end of the file');
    const huge = Buffer.from(bytes);
    writeBothEndian(huge, recordOf(bytes, 'DIR') + 10, 0x7fffffff);
    await expect(openIso(huge)).rejects.toThrow('entry "DIR" is beyond the end of the file');
  });

  test('is found by its volume descriptors', async () => {
    const bytes = await buildIso({ 'A.TXT': 'a' }, plain);
    const blocks = Buffer.from(bytes);
    blocks.writeUInt16LE(512, 16 * 2048 + 128);
    await expect(openIso(blocks)).rejects.toThrow('its blocks have 512 bytes, expected 2048');
    const noEnd = Buffer.from(bytes);
    noEnd.write('XX', 17 * 2048 + 1);
    await expect(openIso(noEnd)).rejects.toThrow('sector 17 is not a volume descriptor');
    const noPrimary = Buffer.from(bytes);
    noPrimary[16 * 2048] = 0;
    await expect(openIso(noPrimary)).rejects.toThrow('it has no primary volume descriptor');
  });
});

test('a web page where an ISO should be is called so, with its title', async () => {
  const page = '<!DOCTYPE HTML>\n<html lang="en">\n<head><title>\n 404 Not   Found </title></head></html>';
  await expect(openIso(Buffer.from(page))).rejects.toMatchObject({
    kind: 'input',
    problems: [
      {
        place,
        message: 'x.iso: this is a web page, not an ISO: "404 Not Found"',
        hint: 'look at the downloaded file; it must be the archive or ISO itself',
      },
    ],
  });
  const withDigest = openIso(Buffer.from(page), { sha256: 'a'.repeat(64) });
  await expect(withDigest).rejects.toThrow('this is a web page, not an ISO: "404 Not Found"');
});

test('an archive where an ISO should be needs the type archive', async () => {
  await expect(openIso(Buffer.from('PK\x03\x04 and more'))).rejects.toMatchObject({
    problems: [
      { message: 'x.iso: this is a zip archive, not an ISO', hint: 'give the source the type archive' },
    ],
  });
});

test('a missing file and a folder are named', async () => {
  const setting = await makeSetting();
  await mkdir(join(setting.base, 'x.iso'));
  const open = (path: string) => iso.open({ type: 'iso', path }, setting.request(), setting.context);
  await expect(open('gone.iso')).rejects.toMatchObject({
    kind: 'input',
    problems: [
      { place, message: 'gone.iso: no such file', hint: 'paths start from the folder of the release file' },
    ],
  });
  await expect(open('x.iso')).rejects.toThrow('x.iso: is a folder, expected a file');
});

test.skipIf(lacksTool('xorriso'))(
  'it is read in place: no program is run and nothing is written',
  async () => {
    const path = process.env.PATH;
    const bytes = await buildIso(tree);
    const setting = await makeSetting();
    const file = join(setting.base, 'x.iso');
    await writeFile(file, bytes);
    try {
      process.env.PATH = '/nowhere';
      const { files } = await iso.open({ type: 'iso', path: 'x.iso' }, setting.request(), setting.context);
      expect(files.map((found) => found.file)).toEqual([file, file, file]);
      const [inf] = files;
      const [extent] = inf?.extents ?? [];
      expect(inf).toEqual({
        path: 'amd64/w11/a.inf',
        file,
        extents: [{ offset: extent?.offset, length: 3 }],
      });
      expect(await readdir(setting.scratch)).toEqual([]);
    } finally {
      process.env.PATH = path;
    }
  },
);

test.skipIf(lacksTool('xorriso'))('an ISO that becomes shorter while it is read is an error', async () => {
  const setting = await makeSetting();
  const file = join(setting.base, 'x.iso');
  const bytes = await buildIso(tree);
  await writeFile(file, bytes);
  const { files } = await iso.open({ type: 'iso', path: 'x.iso' }, setting.request(), setting.context);
  await writeFile(file, bytes.subarray(0, 40_000));
  const shorter = { kind: 'input', problems: [{ place: file, message: 'was truncated while it was read' }] };
  await expect(read(files[1])).rejects.toMatchObject(shorter);
  await expect(hashStored(storedBytes(files[1] ?? { path: '' }))).rejects.toMatchObject(shorter);
});

async function openIso(bytes: Buffer, spec: { folder?: string; sha256?: string } = {}) {
  const setting = await makeSetting();
  await writeFile(join(setting.base, 'x.iso'), bytes);
  return iso.open({ type: 'iso', path: 'x.iso', ...spec }, setting.request(), setting.context);
}

function read(file: SourceFile | undefined): Promise<Buffer> {
  return readStored(storedBytes(file ?? { path: 'no file' }));
}
