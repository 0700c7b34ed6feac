import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { toolVersion } from '../../pipeline/system/exec.ts';
import { missingTools, requireTools, type Tool, tools } from '../../pipeline/system/tools.ts';
import { problemsOf } from '../builders/problems.ts';
import { temporaryFolder } from '../builders/release.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('all missing tools are named in one error, each once, with one command that gets them all', async () => {
  await pathWith({ git: '' });
  const needed = [tools.zstd, tools.xorriso, tools.git, tools.zstd, tools.xz];
  await expect(requireTools(needed)).rejects.toMatchObject({ kind: 'tool' });
  expect(await problemsOf(requireTools(needed))).toEqual([
    'xorriso: not found on the PATH; it writes the ISO and reads it back',
    'xz: not found on the PATH; it compresses Debian packages (--compression xz) and reads .tar.xz',
    'zstd: not found on the PATH; it compresses Debian packages and reads .tar.zst\n  hint: apt-get install xorriso xz-utils zstd',
  ]);
});

test('a tool in any folder of the PATH will do, and one that cannot be run will not', async () => {
  await pathWith({ git: '' }, { xorriso: '' });
  await requireTools([tools.git, tools.xorriso]);
  const folder = await pathWith({ git: '', xorriso: '' });
  await chmod(join(folder, 'xorriso'), 0o644);
  expect(await missingTools([tools.xorriso, tools.git])).toEqual([tools.xorriso]);
});

test('without a PATH everything is missing', async () => {
  vi.stubEnv('PATH', undefined);
  expect(await missingTools([tools.git])).toEqual([tools.git]);
});

test.each([
  ['xorriso 1.5.4 : RockRidge filesystem manipulator', '1.5.4'],
  ['*** Zstandard CLI (64-bit) v1.5.4, by Yann Collet ***', '1.5.4'],
  ['xz (XZ Utils) 5.4.1', '5.4.1'],
  ['git version 2.39.5', '2.39.5'],
])('of %j the version is %s', async (line, version) => {
  await pathWith({ made: `echo '${line}'` });
  expect(await toolVersion(tool('made'))).toBe(version);
  await pathWith({ made: `echo '${line}' >&2` });
  expect(await toolVersion(tool('made'))).toBe(version);
});

test('a tool that says no version, or fails, is an error', async () => {
  await pathWith({ made: 'echo hello', fails: 'echo broken >&2; exit 3' });
  expect(await problemsOf(toolVersion(tool('made')))).toEqual([
    "made: printed no version number for --version\n  hint: is made on the PATH really the program of Debian's debian-made?",
  ]);
  expect(await problemsOf(toolVersion(tool('fails')))).toEqual([
    'fails: failed (3): fails --version\n  broken',
  ]);
});

test('every declared tool has its own name as key, says why it is needed and is in a Debian package', () => {
  for (const [key, { name, why, debianPackage }] of Object.entries(tools)) {
    expect(name).toBe(key);
    expect(why).toMatch(/^[a-z].{10,}[^.]$/);
    expect(debianPackage).toMatch(/^[a-z0-9][a-z0-9+.-]+$/);
  }
});

function tool(name: string): Tool {
  return { name, why: 'is here for tests', debianPackage: `debian-${name}`, versionArgs: ['--version'] };
}

/** Makes the PATH of the test: a folder for each set of scripts. Returns the first folder. */
async function pathWith(...sets: Record<string, string>[]): Promise<string> {
  const folders = await Promise.all(
    sets.map(async (scripts) => {
      const folder = await temporaryFolder('pvdisc-path-');
      for (const [name, script] of Object.entries(scripts)) {
        await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      }
      return folder;
    }),
  );
  vi.stubEnv('PATH', folders.join(delimiter));
  return folders[0] ?? '';
}
