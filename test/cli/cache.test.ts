import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cacheSchema } from '../../pipeline/cli/report/cache-schema.ts';
import { withLock } from '../../pipeline/system/lock.ts';
import { pvdisc } from '../builders/command.ts';
import { temporaryFolder } from '../builders/release.ts';

const digest = 'a'.repeat(64);
const files: Readonly<Record<string, string>> = {
  [`sha256/${digest}`]: 'x'.repeat(2000),
  [`sha256/${digest}.0f-1.part`]: 'left',
  [`partial/${digest}`]: 'part',
  [`partial/${digest}.json`]: '{"url":"https://example.org/x.iso"}',
  [`git/${digest}/${'b'.repeat(40)}/HEAD`]: 'ref',
  [`git/${digest}/${'b'.repeat(40)}/objects/x`]: 'object',
  [`signature/${digest}`]: 'signed',
  'sha256/notes.txt': 'of the user',
  'other/file': 'of the user',
};

describe('pvdisc cache list', () => {
  test('shows what is kept, with size, date and where a download that broke off is from', async () => {
    const { env, folder } = await makeCache();
    expect(await pvdisc(['cache', 'list'], env)).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: [
        `     9 B  2026-01-02  repository   git/${digest}/${'b'.repeat(40)}`,
        `     4 B  2026-01-02  interrupted  partial/${digest}  https://example.org/x.iso`,
        `    2 kB  2026-01-02  file         sha256/${digest}`,
        `     4 B  2026-01-02  leftover     sha256/${digest}.0f-1.part`,
        `     6 B  2026-01-02  signature    signature/${digest}`,
        `2.02 kB in ${folder}`,
        '',
      ].join('\n'),
    });
    const { stdout } = await pvdisc(['cache', 'list', '--format', 'json'], env);
    expect(cacheSchema.parse(JSON.parse(stdout))).toMatchObject({
      folder,
      size: 2023,
      items: expect.arrayContaining([
        {
          kind: 'partial',
          path: `partial/${digest}`,
          size: 4,
          used: '2026-01-02T00:00:00.000Z',
          origin: 'https://example.org/x.iso',
        },
      ]),
    });
  });

  test('of a cache that is not there is empty', async () => {
    const folder = join(await temporaryFolder('pvdisc-cache-'), 'none');
    expect(await pvdisc(['cache', 'list'], { PVDISC_CACHE: folder })).toMatchObject({
      exitCode: 0,
      stdout: `0 B in ${folder}\n`,
    });
  });
});

describe('pvdisc cache prune', () => {
  test('removes what is older, by its last use', async () => {
    const { env, folder } = await makeCache();
    const now = new Date();
    await utimes(join(folder, `sha256/${digest}`), now, now);
    expect(await pvdisc(['cache', 'prune', '--older-than', '1d'], env)).toMatchObject({
      exitCode: 0,
      stdout: `removed 4 items from ${folder}, 23 B\n`,
    });
    expect((await readdir(join(folder, 'sha256'))).sort()).toEqual([digest, 'notes.txt']);
    expect(await readdir(join(folder, 'partial'))).toEqual([]);
  });

  test('removes all that is its own, and nothing else', async () => {
    const { env, folder } = await makeCache();
    const { stdout } = await pvdisc(['cache', 'prune', '--all', '--format', 'json'], env);
    expect(cacheSchema.parse(JSON.parse(stdout))).toMatchObject({ size: 2023, items: { length: 5 } });
    const left = await readdir(folder, { recursive: true, withFileTypes: true });
    expect(
      left
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['file', 'notes.txt']);
  });

  test('keeps what a run is fetching now', async () => {
    const { env, folder } = await makeCache();
    const partial = join(folder, `partial/${digest}`);
    const options = { onWait: () => {}, signal: new AbortController().signal };
    const { stdout } = await withLock(partial, options, () => pvdisc(['cache', 'prune', '--all'], env));
    expect(stdout).toBe(
      `removed 4 items from ${folder}, 2.02 kB\nkept partial/${digest}: another run is downloading it\n`,
    );
    expect(await readdir(dirname(partial))).toEqual([digest, `${digest}.json`]);
  });

  test.each([
    [[], 'pvdisc cache prune: neither --older-than nor --all is given'],
    [['--all', '--older-than', '1d'], 'pvdisc cache prune: --all and --older-than exclude each other'],
    [['--older-than', 'monday'], '--older-than monday: is not an age'],
    [['--older-than', '30'], '--older-than 30: is not an age'],
  ])('%j is a mistake of usage', async (args, message) => {
    const { env, folder } = await makeCache();
    expect(await pvdisc(['cache', 'prune', ...args], env)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(message),
    });
    expect(await readdir(join(folder, 'sha256'))).toContain(digest);
  });
});

async function makeCache() {
  const folder = await temporaryFolder('pvdisc-cache-');
  const date = new Date('2026-01-02T00:00:00Z');
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    await utimes(join(folder, path), date, date);
  }
  await utimes(join(folder, `git/${digest}/${'b'.repeat(40)}`), date, date);
  return { folder, env: { PVDISC_CACHE: folder } };
}
