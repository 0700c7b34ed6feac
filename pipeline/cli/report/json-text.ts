/**
 * Formats JSON that is safe to show on a terminal: control, format and separator characters such as bidirectional marks are
 * escaped, which does not change the parsed value (RFC 8259, section 7).
 */
export function jsonText(value: unknown): string {
  return `${safe(JSON.stringify(value, null, 2))}\n`;
}

/** Formats JSON in the same way, in one line without a line end. */
export function jsonLine(value: unknown): string {
  return safe(JSON.stringify(value));
}

function safe(json: string): string {
  return json.replace(/(?![\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
