import { printable } from '../core/text.ts';

/** More than any real name, version or message; an INF can hold strings of megabytes. */
const longest = 500;

/** Returns a value with all its texts on one line, without characters that change the direction or the look of others, and shortened. */
export function clean<T>(value: T): T {
  return cleaned(value) as T;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), cleaned(inner)]));
}

function cleanText(text: string): string {
  const characters = [...text.slice(0, 2 * longest)];
  const shown = characters.length > longest ? `${characters.slice(0, longest).join('')}…` : text;
  return printable(shown).replace(/\p{M}{4,}/gu, '?');
}
