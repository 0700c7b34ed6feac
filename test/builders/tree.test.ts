import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { peFacts } from './pe-facts.ts';
import { driverFolder, type Tree, writeTree } from './tree.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pvdisc-tree-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('writeTree writes texts and bytes at their paths', async () => {
  await writeTree(folder, { 'a/b/text.txt': 'two\r\nlines\r\n', 'bytes.bin': Uint8Array.of(0, 255) });
  expect(await readFile(join(folder, 'a/b/text.txt'), 'latin1')).toBe('two\r\nlines\r\n');
  expect([...(await readFile(join(folder, 'bytes.bin')))]).toEqual([0, 255]);
});

test('a driver folder holds an INF and a driver for its target', () => {
  const tree = driverFolder('Win11/ARM64');
  expect(Object.keys(tree)).toEqual(['Win11/ARM64/viostor.inf', 'Win11/ARM64/viostor.sys']);
  expect(text(tree, 'Win11/ARM64/viostor.inf')).toContain('[Models.NTARM64.10.0...16299]\r\n');
  expect(facts(tree, 'Win11/ARM64/viostor.sys')).toMatchObject({ machine: 0xaa64, subsystemVersion: '10.0' });
});

test('a driver folder can be given under another folder and with another name', () => {
  const tree = driverFolder('deep/Wxp/x86', { name: 'netkvm' });
  expect(Object.keys(tree)).toEqual(['deep/Wxp/x86/netkvm.inf', 'deep/Wxp/x86/netkvm.sys']);
  expect(facts(tree, 'deep/Wxp/x86/netkvm.sys')).toMatchObject({ machine: 0x014c, subsystemVersion: '5.1' });
});

test('each option breaks the folder in its own way', () => {
  expect(facts(driverFolder('Win10/amd64', { pe: { arch: 'x86' } }), 'Win10/amd64/viostor.sys').machine).toBe(
    0x014c,
  );
  const missing = driverFolder('Win10/amd64', { infFiles: ['viostor.sys', 'gone.dll'] });
  expect(text(missing, 'Win10/amd64/viostor.inf')).toContain(
    '[viostor_Files]\r\nviostor.sys\r\ngone.dll\r\n',
  );
  expect(Object.keys(driverFolder('Win10/amd64', { without: ['viostor.sys'] }))).toEqual([
    'Win10/amd64/viostor.inf',
  ]);
  const catalog = driverFolder('Win10/amd64', {
    inf: { catalog: 'viostor.cat' },
    extras: { 'viostor.cat': 'x' },
  });
  expect(text(catalog, 'Win10/amd64/viostor.inf')).toContain('\r\nCatalogFile = viostor.cat\r\n');
  expect(catalog['Win10/amd64/viostor.cat']).toBe('x');
});

test('a folder without a known Windows or architecture is refused', () => {
  expect(() => driverFolder('Win10/mips')).toThrow('Win10/mips does not end as a build folder does');
  expect(() => driverFolder('Win12/amd64')).toThrow('Win12/amd64 does not end as a build folder does');
});

function text(tree: Tree, path: string): string {
  return Buffer.from(tree[path] ?? '').toString('latin1');
}

function facts(tree: Tree, path: string) {
  return peFacts(Buffer.from(tree[path] ?? ''));
}
