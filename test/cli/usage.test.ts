import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { asksForJson, positionals } from '../../pipeline/cli/usage.ts';

test('the arguments of all commands are known as such', () => {
  const files = readdirSync('pipeline/cli').filter((name) => name.endsWith('.ts'));
  const texts = files.map((name) => readFileSync(`pipeline/cli/${name}`, 'utf8'));
  const declared = texts.flatMap((text) =>
    [...text.matchAll(/positional\('(\w+)'/g)].map(([, name]) => name),
  );
  const named = texts.flatMap((text) =>
    [...text.matchAll(/^ {2}command: '[\w-]+ (.*)'/gm)].flatMap(
      ([, words = '']) => words.match(/\w+/g) ?? [],
    ),
  );
  expect(declared.length).toBeGreaterThan(10);
  expect([...positionals]).toEqual([...new Set([...declared, ...named])].sort());
});

test.each([
  [['inspect', 'x', '--json'], true],
  [['check', 'x', '--format', 'json'], true],
  [['check', 'x', '--format=json'], true],
  [['init', '--title', 'a --json b'], false],
  [['check', 'json'], false],
])('%j asks for JSON: %s', (args, isAsked) => expect(asksForJson(args)).toBe(isAsked));
