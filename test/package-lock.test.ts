import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
  packages: Record<string, { integrity?: string; resolved?: string }>;
};
const installed = Object.entries(packages).filter(([path]) => path !== '');

test('npm installs no package but by its digest', () => {
  expect(installed.length).toBeGreaterThan(100);
  const unpinned = installed.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''));
  expect(unpinned.map(([path]) => path)).toEqual([]);
});

test('the lock names no registry', () => {
  expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});
