import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

interface Locked {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
  packages: Record<string, Locked>;
};
const locked = Object.entries(packages).filter(([path]) => path !== '');
const isFor = (list: readonly string[] | undefined, name: string) => list?.includes(name) ?? true;

test.each(['x64', 'arm64'])('on %s npm installs no package but by its digest', async (cpu) => {
  // npm takes the builds for this platform wherever it runs: some of those for others have no digest in the lock.
  expect(await readFile('.npmrc', 'utf8')).toContain('\nos=linux\nlibc=glibc\n');
  const installed = locked.filter(
    ([, { os, cpu: cpus, libc }]) => isFor(os, 'linux') && isFor(cpus, cpu) && isFor(libc, 'glibc'),
  );
  expect(installed.length).toBeGreaterThan(100);
  const unpinned = installed.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''));
  expect(unpinned.map(([path]) => path)).toEqual([]);
});

test('the lock names no registry', () => {
  expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});
