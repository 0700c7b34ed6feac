import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { placeInFile } from '../../pipeline/core/place.ts';
import { readYamlFile } from '../../pipeline/manifest/yaml-file.ts';
import { temporaryFolder, writeText } from '../builders/release.ts';

const schema = z
  .strictObject({
    name: z.string(),
    list: z.array(z.strictObject({ count: z.int() })).default([]),
  })
  .meta({ id: 'list-of-counts' });

test('a good file gives its value, with defaults, and the line of every key path', async () => {
  const { value, problems, lines } = await read(
    '# comment\nname: a\nlist:\n  - count: 1\n  - { count: 2 }\n',
  );
  expect({ value, problems }).toEqual({
    value: { name: 'a', list: [{ count: 1 }, { count: 2 }] },
    problems: [],
  });
  expect(Object.fromEntries(lines)).toEqual({
    '': 2,
    name: 2,
    list: 3,
    'list.0': 4,
    'list.0.count': 4,
    'list.1': 5,
    'list.1.count': 5,
  });
});

test('every problem of a file is told, each at its own line', async () => {
  expect(await messages('name: 3\ncolour: red\nlist:\n  - count: x\n    size: 1\n')).toEqual([
    'f.yaml:1: name: must be text, not a number',
    'f.yaml:4: list.0.count: must be a number, not text',
    'f.yaml:5: list.0.size: unknown key',
    'f.yaml:2: colour: unknown key',
  ]);
});

test('keys that objects of JavaScript have by themselves are like any other', async () => {
  expect(await messages('name: a\nlist: []\n__proto__: 1\nconstructor: 2\n')).toEqual([
    'f.yaml:3: __proto__: unknown key',
    'f.yaml:4: constructor: unknown key',
  ]);
});

test('a key that is missing is told at the line of what should hold it', async () => {
  expect(await messages('name: a\nlist:\n  - count: 1\n  - {}\n')).toEqual([
    'f.yaml:4: list.1.count: is missing',
  ]);
});

test.each([
  [
    'an open quote',
    'name: "a\n',
    'f.yaml:2: not valid YAML: a closing quote or bracket, a comma or a colon is missing',
  ],
  [
    'a key that occurs twice',
    'name: a\nname: b\n',
    'f.yaml:2: not valid YAML: the key occurs twice in this map',
  ],
  ['a tab', 'list:\n\t- count: 1\n', 'f.yaml:2: not valid YAML: a tab indents the line'],
  ['an unknown tag', 'name: !!js/function "x"\n', 'f.yaml:1: not valid YAML: the tag is unknown'],
  ['an alias of nothing', 'name: *a\n', 'f.yaml:1: not valid YAML: an alias has no anchor before it'],
  [
    'two documents',
    'name: a\n---\nname: b\n',
    'f.yaml:2: not valid YAML: there is more than one document (---) in the file',
  ],
  [
    'a file of lists in lists',
    `name:\n  ${'['.repeat(5000)}${']'.repeat(5000)}\n`,
    'f.yaml:2: not valid YAML: lists and maps are nested too deeply',
  ],
  ['a list as a key', 'name: a\n? [b]\n: c\n', 'f.yaml:2: not valid YAML: a key must not be a list or a map'],
  [
    'an alias of a map as a key',
    'name: &m { a: 1 }\n*m : c\n',
    'f.yaml:2: not valid YAML: a key must not be a list or a map',
  ],
  ['no content', '', 'f.yaml:1: must be a map, not empty'],
])('%s is told with its line', async (_what, text, message) => {
  expect(await messages(text)).toContain(message);
});

test('aliases that unfold to millions of values are refused at once', async () => {
  const level = (name: string, of: string) => `${name}: &${name} [${Array(20).fill(of).join(', ')}]\n`;
  const text = level('a', 'x') + level('b', '*a') + level('c', '*b') + level('d', '*c') + level('e', '*d');
  expect(await messages(text)).toEqual(['f.yaml:1: not valid YAML: the aliases expand to too many values']);
});

test('a key that does not fit the keys of a map, and a form of a union, are told in their own words', async () => {
  const union = z.union([
    z.strictObject({ include: z.array(z.int()) }),
    z.strictObject({ exclude: z.array(z.int()) }),
  ]);
  const forms = z.strictObject({
    map: z.record(z.string().regex(/^[a-z]+$/, 'must be small'), z.int()),
    one: union,
  });
  expect(await messages('map: { A: 1 }\none: { include: [x] }\n', forms)).toEqual([
    'f.yaml:1: map.A: this key must be small',
    'f.yaml:2: one.include.0: must be a number, not text',
  ]);
  expect(await messages('map: {}\none: { include: [1], exclude: [1] }\n', forms)).toEqual([
    'f.yaml:2: one: fits none of the allowed forms: unknown key "exclude"; or unknown key "include"',
  ]);
});

test('a file that is not there and a folder in its place are told', async () => {
  const folder = await temporaryFolder('pvdisc-yaml-');
  expect((await readYamlFile(join(folder, 'none.yaml'), schema)).problems).toEqual([
    { place: join(folder, 'none.yaml'), message: 'no such file', hint: 'check the path' },
  ]);
  expect((await readYamlFile(folder, schema)).problems).toEqual([
    { place: folder, message: 'is not a file', hint: 'name a YAML file' },
  ]);
});

test('a place has the path from the working directory, or the whole path when that is shorter to read', () => {
  const lines = new Map([
    ['', 1],
    ['sources', 4],
    ['sources.old', 5],
  ]);
  const file = join(process.cwd(), 'releases/a.yaml');
  expect(placeInFile({ file, lines }, ['sources', 'old'])).toBe('releases/a.yaml:5: sources.old');
  expect(placeInFile({ file, lines }, ['sources', 'new', 'path'])).toBe(
    'releases/a.yaml:4: sources.new.path',
  );
  expect(placeInFile({ file, lines }, [])).toBe('releases/a.yaml:1');
  expect(placeInFile({ file, lines: new Map() }, ['name'])).toBe('releases/a.yaml:1: name');
  expect(placeInFile({ file: '/elsewhere/a.yaml', lines }, [])).toBe('/elsewhere/a.yaml:1');
});

test('a pipe in the place of a file is refused, not read', async () => {
  const pipe = join(await temporaryFolder('pvdisc-yaml-'), 'pipe.yaml');
  await execa('mkfifo', [pipe]);
  expect((await readYamlFile(pipe, schema)).problems).toEqual([
    { place: pipe, message: 'is not a file', hint: 'name a YAML file' },
  ]);
});

test('each kind of mistake has its own hint', async () => {
  expect(await hints('name: 3\ncolour: red\nlist:\n  - count: x\n  - {}\n')).toEqual([
    'put it in quotes',
    'see what is allowed: pvdisc schema list-of-counts',
    'add it; see pvdisc schema list-of-counts',
    'remove it, or check its spelling against the schema (pvdisc schema list-of-counts)',
  ]);
  expect(await hints('name: "a\n')).toEqual(['add it']);
});

async function read(text: string, as: z.ZodType = schema) {
  return readYamlFile(await writeText(await temporaryFolder('pvdisc-yaml-'), 'f.yaml', text), as);
}

async function hints(text: string): Promise<(string | undefined)[]> {
  return (await read(text)).problems.map(({ hint }) => hint);
}

async function messages(text: string, as?: z.ZodType): Promise<string[]> {
  const { file, problems } = await read(text, as);
  return problems.map(({ place, message }) => `${place.replace(file, 'f.yaml')}: ${message}`);
}

test.each([
  ['UTF-16', 'UTF-16', Buffer.from('\ufeffname: a\n', 'utf16le')],
  ['UTF-16 with the other order of bytes', 'UTF-16', Buffer.from('\ufeffname: a\n', 'utf16le').swap16()],
  [
    'UTF-16 without a mark',
    'no text in UTF-8: it has null bytes, as UTF-16 has',
    Buffer.from('name: a\n', 'utf16le'),
  ],
  ['Latin-1', 'not UTF-8', Buffer.from('name: \u00e9\n', 'latin1')],
])('a file in %s is said to be %s', async (_what, says, bytes) => {
  const file = join(await temporaryFolder('pvdisc-yaml-'), 'f.yaml');
  await writeFile(file, bytes);
  expect((await readYamlFile(file, z.unknown())).problems).toEqual([
    { place: file, message: `is ${says}`, hint: 'save it as UTF-8' },
  ]);
});

test('a file of more than 1 MiB is not read', async () => {
  const [only, ...others] = await messages(`name: a # ${'x'.repeat(2 ** 20)}\n`);
  expect(only).toMatch(/f\.yaml: has more than 1048576 bytes$/);
  expect(others).toEqual([]);
});

test('of a kind of problem 20 are told, and how many there are besides', async () => {
  const keys = Array.from({ length: 50_000 }, (_, index) => `k${index}: 1\n`).join('');
  const told = await messages(`name: a\n${keys}`);
  expect(told).toHaveLength(21);
  expect(told.at(-1)).toBe('f.yaml: and 49980 more like these');
  const bad = Array.from({ length: 100 }, () => '  - {count: x, size: 1}\n').join('');
  const ofTwoKinds = await messages(`name: a\nlist:\n${bad}`);
  expect(ofTwoKinds).toHaveLength(41);
  expect(ofTwoKinds.at(-1)).toBe('f.yaml: and 160 more like these');
  const twice = Array.from({ length: 50_000 }, (_, index) => `k${index % 25_000}: 1\n`).join('');
  const repeated = await messages(twice);
  expect(repeated.slice(0, 1)).toEqual(['f.yaml:25001: not valid YAML: the key occurs twice in this map']);
  expect(repeated.at(-1)).toBe('f.yaml: and 24980 more like these');
});
