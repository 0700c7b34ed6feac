import { byCodeUnit } from '../core/order.ts';
import { parseControl } from '../formats/deb/control.ts';
import type { RepositoryItem } from '../page/repository-page.ts';

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

/** Returns what the page of a repository shows of a package. */
export function itemOf(entry: IndexEntry): RepositoryItem {
  const [stanza] = parseControl(entry.text, entry.filename);
  const field = (name: string) => stanza?.fields.get(name)?.value;
  const about = field('description')?.split('\n')[0];
  return {
    name: entry.package,
    version: entry.version,
    path: entry.filename,
    sha256: entry.sha256,
    size: Number(field('size') ?? 0),
    ...(about !== undefined && { about }),
  };
}
