import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { isSystemError } from '../core/errors.ts';
import { formatOf } from '../formats/magic.ts';
import { readHead } from '../system/files.ts';
import { makeTemporary, removeTemporary } from '../system/temporary.ts';
import type { CommandIo } from './command.ts';
import type { OpenReporter } from './report/terminal.ts';
import { openScratchReporter } from './reporter.ts';
import { cacheDir } from './run-context.ts';

/** Context of a scratch run, which must close the reporter before it prints. */
export interface ScratchContext extends RunContext {
  readonly reporter: OpenReporter;
}

interface ScratchOptions {
  readonly showsProgress?: boolean;
  /** Input of the command. An ISO is read in place and needs no temporary folder. */
  readonly input?: string;
}

/** Runs a command that writes no release, in a temporary folder that is always removed; reports notes and, if asked, progress. */
export async function scratchRun(
  command: string,
  { process, signal }: CommandIo,
  overrides: ReadonlyMap<string, string>,
  work: (context: ScratchContext) => Promise<void>,
  { showsProgress = false, input }: ScratchOptions = {},
): Promise<void> {
  const reporter = openScratchReporter(command, showsProgress, process);
  const context = { cacheDir: cacheDir(process.env), signal, reporter, overrides };
  try {
    if (input !== undefined && (await isIso(input))) await work({ ...context, workDir: nowhere });
    else await inTemporary(`pvdisc-${command}-`, (workDir) => work({ ...context, workDir }));
  } finally {
    reporter.close();
  }
}

async function inTemporary(prefix: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await makeTemporary(join(tmpdir(), prefix));
  try {
    await work(folder);
  } finally {
    await removeTemporary(folder);
  }
}

/** Returns false for an unreadable file, which the command then reports. */
async function isIso(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile() && formatOf(await readHead(path)) === 'iso';
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

/** A folder that never exists (Debian's convention), so that writing to it fails. */
const nowhere = '/nonexistent';
