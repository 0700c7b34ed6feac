import fc from 'fast-check';
import picomatch from 'picomatch';
import { expect, test } from 'vitest';
import { globMatcher } from '../../pipeline/core/paths.ts';
import { globField } from '../../pipeline/manifest/glob-field.ts';

const name = fc.string({ unit: fc.constantFrom(...'abAB.1-é'), minLength: 1, maxLength: 6 });
const path = fc
  .array(name, { minLength: 1, maxLength: 4 })
  .map((names) => names.join('/'))
  .filter((text) => !text.split('/').some((part) => part === '.' || part === '..'));
const letters = fc.constantFrom('a', 'b', 'B', '.', '1', '-', 'é', '?', '*', '[ab]', '[^b]', '[a-b1]');
const simple = fc
  .array(letters, { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''))
  .filter((part) => part !== '.' && part !== '..');
const braces = fc.tuple(simple, simple, simple).map(([one, two, end]) => `{${one},${two}}${end}`);
const segment = fc.oneof({ weight: 4, arbitrary: simple }, fc.constant('**'), braces);
const glob = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

/** `a/**` is what lies below `a`; picomatch has `a` itself too, unless there is a star in it. */
test('globs match what picomatch matches', () => {
  let matched = 0;
  fc.assert(
    fc.property(glob, path, (pattern, text) => {
      const options = { dot: true, nocase: true, basename: !pattern.includes('/') };
      fc.pre(
        !/\/\*\*$/.test(pattern) || !picomatch.isMatch(text, pattern.replace(/(?:\/\*\*)+$/, ''), options),
      );
      const expected = picomatch.isMatch(text, pattern, options);
      if (expected) matched += 1;
      expect(globMatcher(pattern)(text), `${pattern} on ${text}`).toBe(expected);
    }),
    { numRuns: 2500, seed: 1 },
  );
  expect(matched).toBeGreaterThan(100);
});

test.each([
  [`${'a*'.repeat(12)}b`, 'a'.repeat(200), false],
  [`${'a*'.repeat(12)}b`, `${'a'.repeat(200)}b`, true],
  [`${'*a'.repeat(97)}*.sys`, `${'a'.repeat(4000)}.syz`, false],
  [`${'**/'.repeat(60)}b`, `${'a/'.repeat(2000)}c`, false],
  [`${'**/a/'.repeat(39)}b`, `${'a/'.repeat(2000)}c`, false],
  [`${'{a,a*}'.repeat(33)}b`, 'a'.repeat(4000), false],
  [`${'{'.repeat(38)}a${',a*}'.repeat(38)}b`, 'a'.repeat(4000), false],
])('a glob that would keep a regular expression busy for ever ends: %.20s', (pattern, text, matches) => {
  expect(globField.safeParse(pattern).success).toBe(true);
  expect(globMatcher(pattern)(text)).toBe(matches);
});

test.each([
  ['x (1).sys', 'a/X (1).sys', true],
  ['a{b', 'A{B', true],
  ['{a}', '{a}', true],
  ['\\*', '*', true],
  ['\\*', 'x', false],
  ['{a\\,b,c}', 'a,b', true],
  ['[]x]', ']', true],
  ['[!a]', 'b', true], // picomatch takes `!` for a letter here, glob(7) does not
  ['[!a]', 'A', false],
  ['[a', '[a', true],
  ['a$.|^+', 'A$.|^+', true],
])('glob %j on %j: %j', (pattern, text, matches) => {
  expect(globMatcher(pattern)(text)).toBe(matches);
});

test('two hundred globs of the worst kind on a file name take less than a second', () => {
  const matches = globMatcher(`${'*a'.repeat(99)}b`);
  const name = 'a'.repeat(230);
  const { user } = process.cpuUsage();
  for (let count = 0; count < 200; count++) expect(matches(name)).toBe(false);
  expect(process.cpuUsage().user - user).toBeLessThan(1_000_000);
});

test.each(['[z-a]*', '[\ufffd-a]', 'x{a,[b-a]}', '[!z-a]', '[\uffff-😀]'])(
  'glob %j has a range that ends before it starts, and says so',
  (pattern) => {
    expect(globField.safeParse(pattern).error?.issues.map(({ message }) => message)).toEqual([
      'must not have a range that ends before it starts, such as [z-a]',
    ]);
  },
);

test('folders of any depth in a branch go on after it', () => {
  const matches = globMatcher('{amd64/**,x86}/*.inf');
  expect(['amd64/w10/a.inf', 'amd64/w10/b/a.inf', 'x86/a.inf'].map(matches)).toEqual([true, true, true]);
  expect(['ARM64/w10/a.inf', 'x86/w10/a.inf'].map(matches)).toEqual([false, false]);
});

test('a glob that is too long, or that negates or repeats, is refused', () => {
  const refused = [
    '',
    'a'.repeat(201),
    '{'.repeat(100_000),
    '!a',
    '!(a|b).sys',
    'a+(b)',
    '*(a)',
    '?(a)',
    '@(a|b)',
  ];
  expect(refused.filter((pattern) => globField.safeParse(pattern).success)).toEqual([]);
});
