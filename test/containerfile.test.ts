import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import semver from 'semver';
import { expect, test } from 'vitest';
import { tools } from '../pipeline/system/tools.ts';

const text = (await readFile('Containerfile', 'utf8')).replace(/^#.*\n/gm, '').replace(/\\\n/g, ' ');
const instructions = text
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [name = '', ...words] = line.trim().split(/\s+/);
    return { name, words };
  });
const called = (name: string) => instructions.filter((instruction) => instruction.name === name);
const { engines, files } = JSON.parse(await readFile('package.json', 'utf8'));

test('has instructions that there are, and begins with an image', () => {
  const known = ['COPY', 'ENTRYPOINT', 'ENV', 'FROM', 'RUN', 'USER', 'VOLUME', 'WORKDIR'];
  expect(instructions.filter(({ name }) => !known.includes(name))).toEqual([]);
  expect(instructions[0]?.name).toBe('FROM');
});

test('takes an image with the Node.js that pvdisc needs, the same in each stage', () => {
  const images = called('FROM').map(({ words }) => words[0] ?? '');
  expect(new Set(images).size).toBe(1);
  const [, version = ''] = /^docker\.io\/library\/node:([\d.]+)-bookworm-slim$/.exec(images[0] ?? '') ?? [];
  const oldest = semver.minVersion(engines.node)?.version ?? '';
  expect(semver.satisfies(semver.coerce(version) ?? '', engines.node)).toBe(true);
  expect(oldest).toBe('20.19.0');
});

test('installs the packages of "pvdisc tools", and no other', () => {
  const install = called('RUN').find(({ words }) => words.includes('apt-get'))?.words ?? [];
  const from = install.indexOf('--no-install-recommends') + 1;
  const packages = install.slice(from, install.indexOf('&&', from));
  expect(packages).toEqual([...new Set(Object.values(tools).map((tool) => tool.debianPackage))].sort());
});

test('copies what there is, and all that belongs to the npm package', () => {
  const copies = called('COPY').map(({ words }) => words);
  const sources = copies
    .filter(([first = '']) => !first.startsWith('--from'))
    .flatMap((words) => words.slice(0, -1));
  expect(sources.filter((path) => !existsSync(path))).toEqual([]);
  const targets = copies.map((words) => words.at(-1) ?? '');
  for (const folder of files.filter((name: string) => !/[!*.]/.test(name)))
    expect(targets).toContain(`/opt/pvdisc/${folder}`);
});

test('runs the program as an ordinary user', () => {
  expect(called('USER').at(-1)?.words).toEqual(['node']);
  expect(called('ENTRYPOINT').map(({ words }) => words.join(' '))).toEqual([
    '["node", "/opt/pvdisc/build/cli/index.js"]',
  ]);
});
