import { expect, test } from 'vitest';
import { formatStanza, parseControl } from '../../../pipeline/formats/deb/control.ts';

function parse(text: string) {
  return parseControl(text, 'debian/control').map(({ line, fields }) => ({
    line,
    fields: [...fields.values()].map((field) => [field.name, field.value, field.line]),
  }));
}

test('stanzas, folded fields and comments are read, with their lines', () => {
  const text = `# comment

Source: x
Build-Depends: a,
# comment in a field
 b,
\tc
 \t
# comment between stanzas
Package:  y ${' '}
Description: one
 text
 .
   verbatim
`;
  expect(parse(text)).toEqual([
    {
      line: 3,
      fields: [
        ['Source', 'x', 3],
        ['Build-Depends', 'a,\nb,\nc', 4],
      ],
    },
    {
      line: 10,
      fields: [
        ['Package', 'y', 10],
        ['Description', 'one\ntext\n.\n  verbatim', 11],
      ],
    },
  ]);
});

test('an empty file has no stanzas', () => {
  expect(parse('\n# nothing\n')).toEqual([]);
});

test.each([
  ['Source: x\nnonsense\n', 'debian/control:2: not a field ("Name: value")'],
  ['-x: y\n', 'debian/control:1: not a field ("Name: value")'],
  ['a b: c\n', 'debian/control:1: not a field ("Name: value")'],
  [': c\n', 'debian/control:1: not a field ("Name: value")'],
  [' folded\n', 'debian/control:1: a folded line without a field before it'],
  ['A: b\n\n folded\n', 'debian/control:3: a folded line without a field before it'],
  ['A: b\nB: c\na: d\n', 'debian/control:3: field a occurs twice in this stanza'],
])('%j is refused', (text, message) => {
  expect(() => parse(text)).toThrow(`${message}\n  hint: see deb822(5) for the format of a control file`);
});

test('a stanza that was read is written as it stood', () => {
  const text = 'Package: y\nDescription: one\n text\n .\n   verbatim\n';
  const [stanza] = parseControl(text, 'control');
  expect(formatStanza([...(stanza?.fields.values() ?? [])].map(({ name, value }) => [name, value]))).toBe(
    text,
  );
});

test('the lines of a stanza are kept as they stand, without comments', () => {
  const stanzas = ['A: b \nC:\n d', 'Package:  y'];
  const text = `\n${stanzas[0]}\n# comment\n\n\n${stanzas[1]}\n`;
  expect(parseControl(text, 'Packages').map((stanza) => stanza.text)).toEqual(stanzas);
});
