import { expect, test } from 'vitest';
import { xmlDocument } from '../../../pipeline/package/osinfo/xml.ts';

test('elements are indented by two spaces, with text, attributes in order, or nothing in them', () => {
  const root = {
    name: 'a',
    attributes: { z: '1', b: '2' },
    content: [{ name: 'c', content: 'text' }, { name: 'd' }, { name: 'e', content: [{ name: 'f' }] }],
  };
  expect(xmlDocument(root)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<a z="1" b="2">
  <c>text</c>
  <d/>
  <e>
    <f/>
  </e>
</a>
`);
});

test('what means something to XML is escaped in text and attributes', () => {
  const hostile = `"<&>'\t\r\n\u{1f4bf}`;
  const escaped = `&quot;&lt;&amp;&gt;'&#9;&#13;&#10;\u{1f4bf}`;
  expect(xmlDocument({ name: 'a', attributes: { b: hostile }, content: hostile })).toContain(
    `<a b="${escaped}">${escaped}</a>`,
  );
});

test.each(['\u0000', '\u001b', '\ud800', '\udfff', '\ufffe', '\uffff'])(
  'the character %j, which no XML can hold, is an error',
  (text) => {
    const code = text.charCodeAt(0).toString(16);
    expect(() => xmlDocument({ name: 'a', content: `x${text}y` })).toThrow(
      `XML cannot hold the character U+${code}`,
    );
  },
);
