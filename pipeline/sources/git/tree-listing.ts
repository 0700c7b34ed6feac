import { decodeEscapes } from '../../core/escapes.ts';
import { byCodeUnit } from '../../core/order.ts';
import { quoted, refusal, type Subject } from '../../core/refusal.ts';

/** One line of `git ls-tree -r`: octal mode, type, object id, path. */
export interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly id: string;
  readonly path: string;
}

/** Reads what `git ls-tree -r -t -z` prints. */
export function parseTree(output: string, subject: Subject): TreeEntry[] {
  const lines = output.split('\0').slice(0, -1);
  return lines.map((line) => parseLine(line, subject, (path) => path));
}

/** Reads a kept listing: what `git ls-tree -r COMMIT:FOLDER` prints, names quoted as git does; files only, sorted by path. */
export function parseListing(text: string, subject: Subject): TreeEntry[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  const entries = lines.map((line) => parseLine(line, subject, unquote));
  const files = entries.filter(({ type }) => type !== 'tree');
  for (const file of files) {
    const special = specialKind(file);
    if (special !== undefined) throw refusal(subject, `entry ${quoted(file.path)}: ${special}`);
  }
  return files.sort((a, b) => byCodeUnit(a.path, b.path));
}

/** Returns why an entry cannot be taken: a symbolic link or a submodule; undefined for a file. */
export function specialKind({ mode, type }: TreeEntry): string | undefined {
  if (mode === '120000') return 'is a symbolic link';
  if (type === 'commit') return 'is a submodule';
  return type === 'blob' ? undefined : `is of the type ${quoted(type)}, expected blob`;
}

function parseLine(line: string, subject: Subject, decode: (path: string) => string | undefined): TreeEntry {
  const [, mode, type, id, shown] = /^([0-7]{6}) ([a-z]+) ([0-9a-f]{40})\t(.+)$/s.exec(line) ?? [];
  const path = shown === undefined ? undefined : decode(shown);
  if (mode === undefined || type === undefined || id === undefined || path === undefined) {
    throw refusal(subject, `${quoted(line)} is no line of git ls-tree -r`, listingHint);
  }
  return { mode, type, id, path };
}

function unquote(shown: string): string | undefined {
  return shown.startsWith('"') ? decodeEscapes(shown.replace(/^"|"$/g, '')) : shown;
}

export const listingHint = 'write the listing with: git ls-tree -r COMMIT:FOLDER > LISTING';
