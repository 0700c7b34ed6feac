import { byCodeUnit } from '../core/order.ts';
import { parseControl } from '../formats/deb/control.ts';

/** One package of an index `Packages`: its identity, and its stanza as apt-ftparchive wrote it. */
export interface IndexEntry {
  readonly package: string;
  readonly version: string;
  /** Path from the root of the repository. */
  readonly filename: string;
  readonly sha256: string;
  readonly text: string;
}

/** Reads an index `Packages` (one stanza per package, blank lines between them); errors name `file`. */
export function parseIndex(text: string, file: string): IndexEntry[] {
  return parseControl(text, file).map((stanza) => {
    const value = (name: string) => stanza.fields.get(name)?.value ?? '';
    return {
      package: value('package'),
      version: value('version'),
      filename: value('filename'),
      sha256: value('sha256'),
      text: stanza.text,
    };
  });
}

/** Returns the text of an index with these packages, each path once (`added` wins), sorted by path. */
export function indexText(kept: readonly IndexEntry[], added: readonly IndexEntry[]): string {
  const byPath = new Map([...kept, ...added].map((entry) => [entry.filename, entry]));
  const entries = [...byPath.values()].sort((a, b) => byCodeUnit(a.filename, b.filename));
  return entries.map(({ text }) => `${text}\n\n`).join('');
}
