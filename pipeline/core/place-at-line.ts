import { placeInFile } from '../manifest/yaml-file.ts';

/** Returns `file:line`, the place that an error about a file of the Debian metadata names. */
export function placeAtLine(file: string, line: number): string {
  return placeInFile({ file, lines: new Map([['', line]]) }, []);
}
