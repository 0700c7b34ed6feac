import { join, relative } from 'node:path';
import { printable } from '../core/text.ts';
import type { BuiltRelease } from '../model/release.ts';
import { jsonText } from './report/json-text.ts';

/** Returns what `--json` prints: the release's folder, the names of its files and the record. */
export function resultJson(folder: string, { record, files }: BuiltRelease): string {
  return jsonText({ folder, files, record });
}

/** Returns what a person is told at the end of a build: where the files are, and what to type next. */
export function resultText(folder: string, { record }: BuiltRelease): string {
  const discs = [record.iso, ...(record.symbols === undefined ? [] : [record.symbols])];
  const made = [...discs.map(({ name }) => ({ format: 'ISO', name })), ...record.artifacts];
  const lines = [
    '',
    `${record.title}: built.`,
    ...made.map(({ format, name }) => `  ${format.padEnd(5)} ${printable(shownPath(join(folder, name)))}`),
    '',
    'Next, on the host that runs the guests:',
    ...record.artifacts
      .slice(0, 1)
      .map(({ name }) => `  sudo apt install ${printable(shellWord(shownPath(join(folder, name))))}`),
    '  sudo virtio-win attach GUEST',
  ];
  return `${lines.join('\n')}\n`;
}

/** Relative below the current folder (apt wants the `./`), absolute elsewhere. */
function shownPath(path: string): string {
  const inside = relative('', path);
  return inside.startsWith('../') ? path : `./${inside}`;
}

/** Quotes a word for a POSIX shell where it needs that. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
