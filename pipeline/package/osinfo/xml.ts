/** An XML element; `content` is its text or its child elements. */
export interface XmlElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly content?: string | readonly XmlElement[];
}

/** Serialises XML 1.0 in UTF-8, indented by two spaces; throws for a character that XML forbids. */
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

/** Escapes line breaks and tabs too, since a parser replaces them by spaces in attributes (XML 1.0, section 3.3.3). */
function escapeXml(text: string): string {
  const forbidden = Array.from(text).find((character) => !isXmlCharacter(character.codePointAt(0) ?? 0));
  if (forbidden !== undefined)
    throw new Error(`XML cannot hold the character U+${forbidden.codePointAt(0)?.toString(16)}`);
  return text.replaceAll(/[&<>"\t\n\r]/g, (character) => entities[character] ?? character);
}

/** XML 1.0, section 2.2. */
function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000;
}
