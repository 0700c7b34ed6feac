import { link, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { fetchUnpinned } from '../../../pipeline/sources/fetch/download.ts';
import { bytes, digestOf, expectCached, openUrl } from '../../builders/fetched.ts';
import { ranged } from '../../builders/misbehaving.ts';
import { lacksTool } from '../../builders/needs.ts';
import { gives, startServer } from '../../builders/server.ts';
import { makeSetting, place, type SourceSetting } from '../../builders/source-setting.ts';

const damaged = 'drivers: the cached copy is damaged; fetching it again';

describe('in place of a file of the cache', () => {
  test.skipIf(lacksTool('mkfifo'))('a named pipe is not opened, and gives way', async () => {
    const { setting, file, open } = await prepare();
    await execa('mkfifo', [file]);
    await open();
    expect(setting.notes).toEqual([damaged]);
    await expectCached(setting);
  });

  test('a link gives way, be what it leads to right or not', async () => {
    const { setting, file, open } = await prepare();
    const theirs = join(setting.base, 'theirs');
    await writeFile(theirs, bytes);
    await symlink(theirs, file);
    await open();
    expect(setting.notes).toEqual([damaged]);
    await expectCached(setting);
    expect((await stat(theirs)).nlink).toBe(1);
    expect((await stat(file)).ino).not.toBe((await stat(theirs)).ino);
  });

  test('a folder stays, and is named', async () => {
    const { setting, file, open } = await prepare();
    await mkdir(file);
    await writeFile(join(file, 'theirs'), '');
    const error = {
      kind: 'input',
      problems: [
        {
          place: file,
          message: 'is a folder, expected a file of the cache',
          hint: 'move it away, or name another folder in PVDISC_CACHE',
        },
      ],
    };
    await expect(open()).rejects.toMatchObject(error);
    const { url } = await startServer({ '/x.zip': gives(bytes) });
    const wanted = { urls: [`${url}/x.zip`] as const, expected: 'a zip', place, item: 'x', instead: 'wait' };
    await expect(fetchUnpinned(wanted, setting.context)).rejects.toMatchObject(error);
    expect(await readdir(file)).toEqual(['theirs']);
  });
});

describe('in place of a download that broke off', () => {
  test.each([
    ['symbolic link', symlink],
    ['hard link', link],
  ])('a %s goes, and what it leads to is not written', async (_, makeLink) => {
    const { setting, partial, open } = await prepare();
    const victim = join(setting.base, 'victim');
    await writeFile(victim, 'of the user');
    await makeLink(victim, partial);
    await writeFile(`${partial}.json`, '{"url":"https://example.org/x.zip"}');
    await open();
    expect(await readFile(victim, 'utf8')).toBe('of the user');
    await expectCached(setting);
    expect(await readdir(dirname(partial))).toEqual([]);
  });

  test('a link in place of its origin goes, and what it leads to is not written', async () => {
    const { setting, partial, open } = await prepare();
    const victim = join(setting.base, 'victim');
    await writeFile(victim, '{"url":"https://example.org/x.zip"}');
    await writeFile(partial, bytes.subarray(0, 100));
    await symlink(victim, `${partial}.json`);
    await open();
    expect(await readFile(victim, 'utf8')).toBe('{"url":"https://example.org/x.zip"}');
    await expectCached(setting);
  });

  test.skipIf(lacksTool('mkfifo'))('named pipes are not opened', async () => {
    const { setting, partial, open } = await prepare();
    await execa('mkfifo', [partial, `${partial}.json`]);
    await open();
    await expectCached(setting);
  });
});

test('a cache that cannot be made names the folder and the variable', async () => {
  const setting = await makeSetting();
  const blocked = join(setting.base, 'file');
  await writeFile(blocked, '');
  const cacheDir = join(blocked, 'cache');
  const { url } = await startServer({ '/x.zip': gives(bytes) });
  const context = { ...setting.context, cacheDir };
  await expect(openUrl(`${url}/x.zip`, { ...setting, context })).rejects.toMatchObject({
    kind: 'input',
    problems: [
      {
        place: cacheDir,
        message: expect.stringMatching(/^the cache: ENOTDIR: not a directory, mkdir /),
        hint: 'name a writable folder in PVDISC_CACHE',
      },
    ],
  });
});

test('a cache below a folder that cannot hold any is named, and node does not spin', async () => {
  const setting = await makeSetting({ cacheDir: '/proc/none/cache' });
  const { url } = await startServer({ '/x.zip': gives(bytes) });
  await expect(openUrl(`${url}/x.zip`, setting)).rejects.toMatchObject({
    kind: 'input',
    problems: [
      {
        place: '/proc/none/cache',
        message: expect.stringMatching(/^the cache: ENOENT: /),
        hint: 'name a writable folder in PVDISC_CACHE',
      },
    ],
  });
});

async function prepare(): Promise<{
  setting: SourceSetting;
  file: string;
  partial: string;
  open: () => Promise<unknown>;
}> {
  const setting = await makeSetting();
  const [file, partial] = ['sha256', 'partial'].map((name) =>
    join(setting.context.cacheDir, name, digestOf(bytes)),
  ) as [string, string];
  for (const path of [file, partial]) await mkdir(dirname(path), { recursive: true });
  const { url } = await startServer({ '/x.zip': ranged(bytes) });
  return { setting, file, partial, open: () => openUrl(`${url}/x.zip`, setting) };
}
