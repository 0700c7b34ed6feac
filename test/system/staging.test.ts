import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test, vi } from 'vitest';
import type { LockOptions } from '../../pipeline/system/lock.ts';
import { openStaging } from '../../pipeline/system/staging.ts';
import { program } from '../builders/built-release.ts';
import { problemsOf } from '../builders/problems.ts';
import { temporaryFolder } from '../builders/release.ts';
import { writeTree } from '../builders/tree.ts';

const name = 'disc-1.0';

test('what is published appears whole under its name, and nothing else is left', async () => {
  const out = join(await temporaryFolder('pvdisc-out-'), 'deep/dist');
  const { workDir, outputDir, publish, close } = await open(out);
  await writeFile(join(workDir, 'scratch'), 'x');
  await writeFile(join(outputDir, 'disc.iso'), 'new');
  expect(await readdir(out)).not.toContain(name);
  await publish();
  expect(await readFile(join(out, name, 'disc.iso'), 'utf8')).toBe('new');
  await close();
  expect(await readdir(out)).toEqual([name]);
  expect(await readdir(join(out, name))).toEqual(['disc.iso']);
});

test('an older release is replaced as a whole: none of its files stays', async () => {
  const out = await folderWith({ [`${name}/disc.iso`]: 'old', [`${name}/gone.txt`]: 'old' });
  const { outputDir, publish, close } = await open(out);
  await writeFile(join(outputDir, 'disc.iso'), 'new');
  expect(await readFile(join(out, name, 'disc.iso'), 'utf8')).toBe('old');
  await publish();
  await close();
  expect(await contents(out)).toEqual({ [`${name}/disc.iso`]: 'new' });
});

test('a build that ends without publishing removes the folders that it made, and no others', async () => {
  const folder = await temporaryFolder('pvdisc-out-');
  const { close } = await open(join(folder, 'deep/dist'));
  await close();
  expect(await readdir(folder)).toEqual([]);
  const { close: closeSecond } = await open(folder);
  await closeSecond();
  expect(await readdir(folder)).toEqual([]);
});

test('a umask that makes folders useless leaves none', async () => {
  const folder = await temporaryFolder('pvdisc-out-');
  const script = `umask 0777; exec "$@"`;
  const sample = join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml');
  const command = [process.execPath, program, 'build', sample, '--out', join(folder, 'dist')];
  const { exitCode } = await execa('sh', ['-c', script, 'sh', ...command], { reject: false });
  expect([exitCode, await readdir(folder)]).toEqual([1, []]);
});

test('a build that waits makes the folder again that the one before it removes', async () => {
  const out = join(await temporaryFolder('pvdisc-out-'), 'dist');
  const first = await open(out);
  const second = open(out);
  await first.close();
  const { outputDir, publish, close } = await second;
  await writeFile(join(outputDir, 'disc.iso'), 'new');
  await publish();
  await close();
  expect(await contents(out)).toEqual({ [`${name}/disc.iso`]: 'new' });
});

test('a build that ends without publishing leaves the older release as it was', async () => {
  const out = await folderWith({ [`${name}/disc.iso`]: 'old' });
  const { outputDir, close } = await open(out);
  await writeFile(join(outputDir, 'disc.iso'), 'half');
  await close();
  expect(await contents(out)).toEqual({ [`${name}/disc.iso`]: 'old' });
});

describe('after a build that was killed', () => {
  test('between the two renames, the older release is given its name again', async () => {
    const out = await folderWith({
      [`.${name}.previous/disc.iso`]: 'old',
      [`.${name}.staging-abc123/release/disc.iso`]: 'half',
    });
    await (await open(out)).close();
    expect(await contents(out)).toEqual({ [`${name}/disc.iso`]: 'old' });
  });

  test('after the second rename, the new release stays and the older one goes', async () => {
    const out = await folderWith({ [`.${name}.previous/disc.iso`]: 'old', [`${name}/disc.iso`]: 'new' });
    await (await open(out)).close();
    expect(await contents(out)).toEqual({ [`${name}/disc.iso`]: 'new' });
  });

  test('its leftovers go, and those of other releases and other files stay', async () => {
    const others = { '.other-1.0.staging-abc123/work/x': 'x', 'disc-1.0.1/disc.iso': 'x', 'notes.txt': 'x' };
    const out = await folderWith({
      [`.${name}.staging-abc123/work/x`]: 'x',
      [`.${name}.staging-def456/x`]: 'x',
      ...others,
    });
    await (await open(out)).close();
    expect(await contents(out)).toEqual(others);
  });

  test('its lock counts no more after five seconds', async () => {
    const out = await temporaryFolder('pvdisc-out-');
    const lock = join(out, `.${name}.lock`);
    await mkdir(lock);
    const long = new Date(Date.now() - 6000);
    await utimes(lock, long, long);
    const onWait = vi.fn();
    await (await open(out, { onWait })).close();
    expect(onWait).not.toHaveBeenCalled();
    expect(await readdir(out)).toEqual([]);
  });
});

describe('while another build of the release is at work', () => {
  test('a second one says so once, waits, and then sees what the first one made', async () => {
    const out = await temporaryFolder('pvdisc-out-');
    const first = await open(out);
    const onWait = vi.fn();
    let isOpen = false;
    const second = open(out, { onWait }).then((staging) => {
      isOpen = true;
      return staging;
    });
    await vi.waitFor(() => expect(onWait).toHaveBeenCalled());
    await writeFile(join(first.outputDir, 'disc.iso'), 'first');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(isOpen).toBe(false);
    await first.publish();
    await first.close();
    const { outputDir, publish, close } = await second;
    expect(await contents(join(out, name))).toEqual({ 'disc.iso': 'first' });
    await writeFile(join(outputDir, 'disc.iso'), 'second');
    await publish();
    await close();
    expect(await contents(out)).toEqual({ [`${name}/disc.iso`]: 'second' });
    expect(onWait).toHaveBeenCalledTimes(1);
  });

  test('the waiting ends with the run, and the first one is not disturbed', async () => {
    const out = await temporaryFolder('pvdisc-out-');
    const first = await open(out);
    const controller = new AbortController();
    const waiting = open(out, { signal: controller.signal, onWait: () => controller.abort() });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await writeFile(join(first.outputDir, 'disc.iso'), 'first');
    await first.publish();
    await first.close();
    expect(await contents(out)).toEqual({ [`${name}/disc.iso`]: 'first' });
  });

  test('a build of another release in the same folder need not wait', async () => {
    const out = await temporaryFolder('pvdisc-out-');
    const onWait = vi.fn();
    const first = await open(out, { onWait });
    const other = await openStaging(out, 'other-1.0', options({ onWait }));
    await first.close();
    await writeFile(join(other.outputDir, 'x'), 'x');
    await other.publish();
    await other.close();
    expect(onWait).not.toHaveBeenCalled();
    expect(await contents(out)).toEqual({ 'other-1.0/x': 'x' });
  });
});

test('a build whose lock was taken away is told, and still clears up', async () => {
  const out = await temporaryFolder('pvdisc-out-');
  const { lost, close } = await open(out);
  await rm(join(out, `.${name}.lock`), { recursive: true });
  await vi.waitFor(() => expect(lost.aborted).toBe(true), { timeout: 60_000 });
  expect(lost.reason).toMatchObject({ message: expect.stringContaining('took over') });
  await close();
  expect(await readdir(out)).toEqual([]);
});

test('an output folder that cannot be made is told', async () => {
  const folder = await folderWith({ file: 'x' });
  expect(await problemsOf(open(join(folder, 'file/dist')), folder)).toEqual([
    "./file/dist: cannot be made: ENOTDIR: not a directory, mkdir './file/dist'\n  hint: choose another folder with --out",
  ]);
});

function options(more: Partial<LockOptions> = {}): LockOptions {
  return { onWait: () => {}, signal: new AbortController().signal, ...more };
}

function open(out: string, more?: Partial<LockOptions>) {
  return openStaging(out, name, options(more));
}

async function folderWith(tree: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder('pvdisc-out-');
  await writeTree(folder, tree);
  return folder;
}

async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = await Promise.all(
    files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, 'utf8')]),
  );
  return Object.fromEntries(read);
}
