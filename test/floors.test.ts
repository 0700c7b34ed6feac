import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { floors, roomOverrides } from '../scripts/floors.mjs';

test('every folder and file of pipeline/ is on a floor, and every room of a floor is there', () => {
  expect(readdirSync('pipeline').sort()).toEqual(floors.flat().sort());
  expect(floors.flat().length).toBeLessThanOrEqual(24);
});

test('biome.json refuses imports that run up, and circles of files with those of types', () => {
  const { linter, overrides } = JSON.parse(readFileSync('biome.json', 'utf8'));
  expect(linter.rules.suspicious.noImportCycles).toEqual({ level: 'error', options: { ignoreTypes: false } });
  expect(overrides, 'node scripts/floors.mjs writes them').toEqual(roomOverrides());
});

test('CONTRIBUTING.md shows the rooms in the order of the floors', () => {
  const layout =
    /```text\npipeline\/\n([\s\S]*?)^\S/m.exec(readFileSync('CONTRIBUTING.md', 'utf8'))?.[1] ?? '';
  const rooms = [...layout.matchAll(/^ {2}(\S+?)\/? /gm)].map(([, room]) => room);
  expect(rooms).toEqual(floors.flat());
});

test('no two files of pipeline/ export the same name', () => {
  const files = readdirSync('pipeline', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const names = files.flatMap((file) => {
    const text = readFileSync(`pipeline/${file}`, 'utf8');
    return [
      ...text.matchAll(/^export (?:async )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm),
    ].map(([, name]) => name);
  });
  expect(names.length).toBeGreaterThan(500);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
