import { appendFile, cp, mkdir, rename, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { assemble } from '../../pipeline/assemble/assemble.ts';
import { silentReporter } from '../../pipeline/core/reporter.ts';
import { tarStream } from '../../pipeline/package/tar.ts';
import { directory } from '../../pipeline/sources/directory.ts';
import { hashFile } from '../../pipeline/system/files.ts';
import { hashSourceFile, readSourceFile } from '../../pipeline/system/source-file.ts';
import { hashStored, readStored, streamStored } from '../../pipeline/system/stored-bytes.ts';
import { validate } from '../../pipeline/validate/validate.ts';
import { withCatalog } from '../builders/catalog.ts';
import { lacksTool } from '../builders/needs.ts';
import { problemsOf } from '../builders/problems.ts';
import { collectRelease, temporaryFolder } from '../builders/release.ts';
import { driverFolder } from '../builders/tree.ts';

/** What becomes of a file of 2560 bytes after it was hashed, what is said where it is read again, and what where xorriso reads it. */
interface Change {
  readonly to: string;
  readonly make: (file: string) => Promise<unknown>;
  readonly fact: string;
  readonly onDisc: string;
}

const notPlain = 'is not a regular file any more';
const changes: readonly Change[] = [
  {
    to: 'a FIFO',
    make: inItsPlace((file) => execa('mkfifo', [file])),
    fact: notPlain,
    onDisc: 'is not a regular file, but should be one',
  },
  {
    to: 'a link to the same bytes',
    make: inItsPlace((file) => symlink(`${file}.was`, file)),
    fact: notPlain,
    onDisc: 'is not a regular file, but should be one',
  },
  {
    to: 'a longer file',
    make: (file) => appendFile(file, 'x'),
    fact: 'has more than 2560 bytes, expected 2560',
    onDisc: 'has 2561 bytes on the disc, expected 2560',
  },
  {
    to: 'a shorter file',
    make: (file) => truncate(file, 2559),
    fact: 'has 2559 bytes, expected 2560',
    onDisc: 'has 2559 bytes on the disc, expected 2560',
  },
  {
    to: 'an empty file',
    make: (file) => truncate(file, 0),
    fact: 'has 0 bytes, expected 2560',
    onDisc: 'has 0 bytes on the disc, expected 2560',
  },
  {
    to: 'other bytes',
    make: (file) => writeFile(file, Buffer.alloc(2560)),
    fact: 'has sha256 ',
    onDisc: 'has sha256 ',
  },
];

function inItsPlace(put: (file: string) => Promise<unknown>) {
  return async (file: string) => {
    await rename(file, `${file}.was`);
    await put(file);
  };
}

const hint = 'hint: a source file changed during the build';

describe.each(changes)('a source file that changes to $to', ({ make, fact, onDisc }) => {
  test('is not read and does not get into a package', async () => {
    const folder = await temporaryFolder('pvdisc-changed-');
    const file = join(folder, 'x.sys');
    await writeFile(file, Buffer.alloc(2560, 'x'));
    const content = await hashSourceFile(file);
    expect(await hashFile(file)).toEqual(content);
    await make(file);
    const entry = { kind: 'file', path: 'x.sys', mode: 0o444, size: content.size, content } as const;
    for (const run of [
      () => readSourceFile(file, content),
      () => buffer(tarStream([entry], { epoch: 0 }).bytes),
    ]) {
      const [problem = ''] = await problemsOf(run(), folder);
      expect(problem.startsWith(`./x.sys: ${fact}`), problem).toBe(true);
      expect(problem).toContain(hint);
    }
    if (fact === notPlain) expect(await problemsOf(hashSourceFile(file), folder)).toHaveLength(1);
  });

  test.skipIf(lacksTool('xorriso'))('is found before the rules judge it and on the disc', async () => {
    const { release, tree } = await collectRelease({ files: withCatalog(driverFolder('Win10/x86')) });
    const { manifest, context, folder } = release;
    const validated = await validate.run({ manifest, tree }, context);
    const place = 'sources/drivers/Win10/x86/viostor.sys';
    await make(join(folder, place));
    const [judged = ''] = await problemsOf(validate.run({ manifest, tree }, context), folder);
    expect(judged.startsWith(`./${place}: ${fact}`), judged).toBe(true);
    const written = await problemsOf(
      assemble.run({ manifest, tree: validated, page: 'a page' }, context),
      folder,
    );
    expect(written.filter((problem) => problem.includes(`viostor.sys: ${onDisc}`))).toHaveLength(2);
    for (const problem of written) expect(problem).toContain(hint);
  });
});

describe('a source folder that changes to a link to a folder with the same names', () => {
  const swapped = async (folder: string) => {
    await rename(folder, `${folder}.was`);
    await cp(`${folder}.was`, `${folder}.other`, { recursive: true });
    await symlink(`${folder}.other`, folder);
  };

  test('is not read, whoever reads it', async () => {
    const folder = await temporaryFolder('pvdisc-changed-');
    await mkdir(join(folder, 'src/sub'), { recursive: true });
    const file = join(folder, 'src/sub/x.sys');
    await writeFile(file, 'bytes');
    const content = await hashSourceFile(file);
    const extents = [{ offset: 0, length: 5 }];
    await swapped(join(folder, 'src/sub'));
    for (const read of [
      () => hashSourceFile(file),
      () => readSourceFile(file, content),
      () => readStored({ file, extents }),
      () => hashStored({ file, extents }),
      () => streamStored({ file, extents }).then(buffer),
      () => streamStored({ file }).then(buffer),
    ])
      expect(await problemsOf(read(), folder)).toEqual([
        `./src/sub/x.sys: now leads to ./src/sub.other/x.sys\n  ${hint}: build again`,
      ]);
  });

  test.skipIf(lacksTool('xorriso'))('stops validation, and gives the disc no other bytes', async () => {
    const { release, tree } = await collectRelease({ files: withCatalog(driverFolder('Win10/x86')) });
    const { manifest, context, folder } = release;
    const validated = await validate.run({ manifest, tree }, context);
    const place = 'sources/drivers/Win10/x86';
    await swapped(join(folder, place));
    const [judged = ''] = await problemsOf(validate.run({ manifest, tree }, context), folder);
    expect(judged).toMatch(/^\.\/sources\/drivers\/Win10\/x86\/\S+: now leads to \S+\/x86\.other\/\S+\n/);
    const disc = await assemble.run({ manifest, tree: validated, page: 'a page' }, context);
    expect(disc.iso.files.map(({ sha256 }) => sha256)).toEqual(
      expect.arrayContaining(tree.files.map(({ content }) => content.sha256)),
    );
    await writeFile(join(folder, `${place}.other/viostor.sys`), Buffer.alloc(2560));
    const written = await problemsOf(
      assemble.run({ manifest, tree: validated, page: 'a page' }, context),
      folder,
    );
    expect(written.filter((problem) => problem.includes('viostor.sys: has sha256 '))).toHaveLength(2);
  });

  test('a source that is named by a link is read', async () => {
    const folder = await temporaryFolder('pvdisc-changed-');
    await mkdir(join(folder, 'src'));
    await writeFile(join(folder, 'src/x.sys'), 'bytes');
    await symlink('src', join(folder, 'link'));
    const { signal } = new AbortController();
    const source = { type: 'directory', path: join(folder, 'link') } as const;
    const request = { id: 'd', place: 'p', baseDir: folder, scratch: folder, skip: () => false };
    const context = {
      workDir: folder,
      cacheDir: folder,
      signal,
      reporter: silentReporter,
      overrides: new Map(),
    };
    const { files } = await directory.open(source, request, context);
    expect(await hashSourceFile(files[0]?.file ?? '')).toMatchObject({ size: 5 });
  });
});

test('a folder in the place of a file is no file', async () => {
  const folder = await temporaryFolder('pvdisc-changed-');
  for (const read of [hashSourceFile, readSourceFile])
    expect(await problemsOf(read(folder), folder)).toEqual([
      `.: ${notPlain}\n  hint: a source file changed during the build: build again`,
    ]);
});

test('hashing follows a link and does not wait for a FIFO', async () => {
  const folder = await temporaryFolder('pvdisc-changed-');
  await writeFile(join(folder, 'x'), 'abc');
  await symlink('x', join(folder, 'link'));
  expect(await hashFile(join(folder, 'link'))).toMatchObject({ size: 3 });
  await execa('mkfifo', [join(folder, 'pipe')]);
  expect(await problemsOf(hashFile(join(folder, 'pipe')), folder)).toEqual([
    './pipe: is not a regular file\n  hint: check the path',
  ]);
});
