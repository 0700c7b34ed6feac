import { byCodeUnit } from '../core/order.ts';

/** One package of an index `Packages`: what tells it apart, and its stanza as apt-ftparchive wrote it. */
export interface IndexEntry {
  readonly package: string;
  readonly version: string;
  /** Path from the root of the repository. */
  readonly filename: string;
  readonly sha256: string;
  readonly text: string;
}

/** Reads an index `Packages` (one stanza per package, blank lines between them). */
export function parseIndex(text: string): IndexEntry[] {
  const stanzas = text.split(/\n{2,}/).filter((stanza) => stanza.trim() !== '');
  return stanzas.map((stanza) => ({
    package: field(stanza, 'Package'),
    version: field(stanza, 'Version'),
    filename: field(stanza, 'Filename'),
    sha256: field(stanza, 'SHA256'),
    text: stanza.trim(),
  }));
}

/** Returns the text of an index with these packages, each path once (that of `added` wins), sorted by path. */
export function indexText(kept: readonly IndexEntry[], added: readonly IndexEntry[]): string {
  const byPath = new Map([...kept, ...added].map((entry) => [entry.filename, entry]));
  const entries = [...byPath.values()].sort((a, b) => byCodeUnit(a.filename, b.filename));
  return entries.map(({ text }) => `${text}\n\n`).join('');
}

function field(stanza: string, name: string): string {
  return new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1] ?? '';
}
