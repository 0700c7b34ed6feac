import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { execa } from 'execa';
import { expect, test, vi } from 'vitest';
import { makeTemporary, removeTemporary } from '../../pipeline/system/temporary.ts';
import { problemsOf } from '../builders/problems.ts';
import { temporaryFolder } from '../builders/release.ts';

test('a temporary folder is its owner’s alone, and goes away when that says so', async () => {
  const path = await makeTemporary(join(tmpdir(), 'pvdisc-test-'));
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  await writeFile(join(path, 'x'), 'x');
  await removeTemporary(path);
  expect(existsSync(path)).toBe(false);
});

test('it goes away when its process is killed', async () => {
  const module = await compiled();
  const script = `
    const { makeTemporary } = await import('${module}');
    const path = await makeTemporary('${join(tmpdir(), 'pvdisc-test-')}');
    (await import('node:fs')).writeFileSync(path + '/x', 'x');
    console.log(path);
    setInterval(() => {}, 1000);`;
  const running = execa('node', ['--input-type=module', '--eval', script], { reject: false });
  const [printed] = await once(running.stdout, 'data');
  const path = String(printed).trim();
  expect(existsSync(join(path, 'x'))).toBe(true);
  running.kill('SIGKILL');
  await vi.waitFor(() => expect(existsSync(path)).toBe(false), { timeout: 60_000 });
});

test('it does not keep its process alive', async () => {
  const module = await compiled();
  const script = `console.log(await (await import('${module}')).makeTemporary('${join(tmpdir(), 'pvdisc-test-')}'));`;
  const { stdout } = await execa('node', ['--input-type=module', '--eval', script], { timeout: 60_000 });
  expect(stdout).toContain('pvdisc-test-');
  await vi.waitFor(() => expect(existsSync(stdout)).toBe(false), { timeout: 60_000 });
});

test('a umask that lets nobody read what is written is named, and nothing is left', async () => {
  const folder = await temporaryFolder('pvdisc-umask-');
  const isRoot = process.getuid?.() === 0;
  for (const [mask, isRefused] of [
    [0o777, true],
    [0o555, true],
    [0o177, !isRoot],
    [0o077, false],
  ] as const) {
    const before = process.umask(mask);
    const made = makeTemporary(join(folder, 'x-'));
    await made.catch(() => {});
    process.umask(before);
    if (isRefused)
      expect(await problemsOf(made)).toEqual([
        'umask: denies the owner of new files the permission to read them\n  hint: umask 022',
      ]);
    else await removeTemporary(await made);
  }
  expect(await readdir(folder)).toEqual([]);
});

/** Returns the URL of the module as a process of its own can import it. */
async function compiled(): Promise<URL> {
  const outfile = join(await temporaryFolder('pvdisc-compiled-'), 'temporary.mjs');
  const source = fileURLToPath(new URL('../../pipeline/system/temporary.ts', import.meta.url));
  await build({ entryPoints: [source], outfile, bundle: true, platform: 'node', format: 'esm' });
  return pathToFileURL(outfile);
}
