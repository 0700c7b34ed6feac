/** An XML element: its name, its attributes in order, and either its text or the elements in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly content?: string | readonly XmlElement[];
}

/** Returns an XML 1.0 document in UTF-8, two spaces per level; throws for a character that XML cannot hold at all. */
export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${elementLines(root).join('\n')}\n`;
}

function elementLines({ name, attributes = {}, content = [] }: XmlElement): string[] {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const tag = name + words.join('');
  if (content.length === 0) return [`<${tag}/>`];
  if (typeof content === 'string') return [`<${tag}>${escapeXml(content)}</${name}>`];
  const inside = content.flatMap(elementLines).map((line) => `  ${line}`);
  return [`<${tag}>`, ...inside, `</${name}>`];
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Line ends and tabs become references too, since a parser would make them spaces in an attribute (XML 1.0, 3.3.3). */
function escapeXml(text: string): string {
  const forbidden = Array.from(text).find((character) => !isXmlCharacter(character.codePointAt(0) ?? 0));
  if (forbidden !== undefined)
    throw new Error(`XML cannot hold the character U+${forbidden.codePointAt(0)?.toString(16)}`);
  return text.replaceAll(/[&<>"\t\n\r]/g, (character) => entities[character] ?? character);
}

/** XML 1.0, 2.2. */
function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000;
}
