import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** Whether `scripts/wine` runs the tests. */
export const isWineAsked = process.env.PVDISC_WINE !== undefined;

/** Adds its command line to a file and ends with a given code, or with 0 where the command line lacks a given text. */
const recorder = `#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void) {
  FILE *file = fopen(getenv("RECORD"), "a");
  fprintf(file, "%s\\n", GetCommandLineA());
  fclose(file);
  if (getenv("FAILING") && !strstr(GetCommandLineA(), getenv("FAILING"))) return 0;
  return getenv("CODE") ? atoi(getenv("CODE")) : 0;
}
`;

/** A Windows of Wine's own, in a folder of its own. */
export interface Wine {
  /** Where its drive C: is. */
  readonly drive: string;
  /** Runs a program and returns what it prints. */
  readonly run: (...args: readonly string[]) => Promise<string>;
  /** Compiles a program or a driver for it. */
  readonly compile: (source: string, to: string, ...options: readonly string[]) => Promise<void>;
  /** Puts programs into C:\bin that record their command lines in the file of %RECORD%, and end with %CODE%, or with 0 for a command line without %FAILING%. */
  readonly record: (...names: readonly string[]) => Promise<void>;
  /** Runs lines of a batch file, with C:\bin first on the PATH. */
  readonly batch: (lines: readonly string[]) => Promise<void>;
  /** Reads a text file of its drive C:. */
  readonly read: (name: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Starts a new Windows of Wine; programs of a test take the place of Wine's own where they are named. */
export async function startWine(...replaced: readonly string[]): Promise<Wine> {
  const folder = await mkdtemp(join(tmpdir(), 'pvdisc-wine-'));
  const env = {
    WINEPREFIX: join(folder, 'prefix'),
    WINEDEBUG: '-all',
    WINEDLLOVERRIDES: ['mscoree,mshtml=', ...replaced.map((name) => `${name}=n,b`)].join(';'),
    DISPLAY: '',
    PATH: `${process.env.PATH}:/usr/lib/wine`,
  };
  const run = async (...args: readonly string[]) =>
    (await execa('wine64', args, { env, reject: false })).stdout;
  const drive = join(folder, 'prefix/drive_c');
  const bin = join(drive, 'bin');
  await run('wineboot', '-i');
  await mkdir(bin, { recursive: true });
  const compile: Wine['compile'] = async (source, to, ...options) => {
    const file = join(folder, 'source.c');
    await writeFile(file, source);
    await execa('x86_64-w64-mingw32-gcc', ['-o', to, file, ...options]);
  };
  return {
    drive,
    run,
    compile,
    record: async (...names) => {
      for (const name of names) await compile(recorder, join(bin, name));
    },
    batch: async (lines) => {
      await writeFile(
        join(drive, 'runs.cmd'),
        ['@echo off', 'set PATH=C:\\bin;%PATH%', ...lines, ''].join('\r\n'),
      );
      await run('cmd', '/c', 'C:\\runs.cmd');
    },
    read: async (name) => (await readFile(join(drive, name), 'latin1')).replaceAll('\r\n', '\n').trim(),
    stop: async () => {
      await run('wineserver', '-k');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A program's command line without its folder and `.exe`, which Wine may add. */
export function plainCommand(line: string): string {
  return line.replace(/^"?(?:[^" ]*\\)?(\w+)(?:\.exe)?"?(?= )/i, '$1').replace(/ +/g, ' ');
}
