import { relative } from 'node:path';

/** A file and the lines of the key paths in it; the whole file has the key ''. */
export interface FileLines {
  readonly file: string;
  readonly lines: ReadonlyMap<string, number>;
}

/** A path in a YAML file: keys and indexes. */
export type KeyPath = readonly (string | number)[];

/** Returns `file:line: key.path`, the place that an error about a value of a YAML file names. */
export function placeInFile(yaml: FileLines, path: KeyPath): string {
  const file = relative(process.cwd(), yaml.file) || yaml.file;
  const shown = file.startsWith('..') ? yaml.file : file;
  const line = nearestLine(yaml.lines, path);
  return path.length === 0 ? `${shown}:${line}` : `${shown}:${line}: ${path.join('.')}`;
}

function nearestLine(lines: ReadonlyMap<string, number>, path: KeyPath): number {
  for (let length = path.length; length >= 0; length--) {
    const line = lines.get(path.slice(0, length).join('.'));
    if (line !== undefined) return line;
  }
  return 1;
}

/** Returns `file:line`, the place that an error about a file of the Debian metadata names. */
export function placeAtLine(file: string, line: number): string {
  return placeInFile({ file, lines: new Map([['', line]]) }, []);
}
