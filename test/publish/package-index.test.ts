import { expect, test } from 'vitest';
import { indexText, parseIndex } from '../../pipeline/publish/package-index.ts';

const stanza = (name: string, version: string, sha256 = 'a') =>
  `Package: ${name}\nVersion: ${version}\nFilename: pool/${name}_${version}.deb\nSHA256: ${sha256}\nDescription: a\n .\n Version: 9`;

test('an index is read stanza by stanza, and its text is kept', () => {
  const [a, b, ...others] = parseIndex(`${stanza('a', '1')}\n\n\n${stanza('b', '2~1')}\n\n`, 'Packages');
  expect(a).toEqual({
    package: 'a',
    version: '1',
    filename: 'pool/a_1.deb',
    sha256: 'a',
    text: stanza('a', '1'),
  });
  expect(b).toMatchObject({ package: 'b', version: '2~1' });
  expect(others).toEqual([]);
  expect(parseIndex('\n', 'Packages')).toEqual([]);
});

test('packages are sorted by path, and each stands once', () => {
  const kept = parseIndex([stanza('b', '1', 'old'), stanza('c', '1')].join('\n\n'), 'Packages');
  const added = parseIndex([stanza('b', '1', 'new'), stanza('a', '2')].join('\n\n'), 'Packages');
  const text = [stanza('a', '2'), stanza('b', '1', 'new'), stanza('c', '1')].join('\n\n');
  expect(indexText(kept, added)).toBe(`${text}\n\n`);
  expect(indexText([], [])).toBe('');
});
