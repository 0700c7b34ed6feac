import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { makeTemporary, removeTemporary } from '../system/temporary.ts';
import type { CommandIo } from './command.ts';
import type { OpenReporter } from './report/terminal.ts';
import { openScratchReporter } from './reporter.ts';
import { cacheDir } from './run-context.ts';

/** What the work of a scratch run is given; it closes the reporter before it prints. */
export interface ScratchContext extends RunContext {
  readonly reporter: OpenReporter;
}

/** Runs a command that writes no release in a temporary folder that is removed however the work ends; it says nothing but notes, or shows progress too. */
export async function scratchRun(
  command: string,
  { process, signal }: CommandIo,
  overrides: ReadonlyMap<string, string>,
  work: (context: ScratchContext) => Promise<void>,
  { showsProgress = false }: { readonly showsProgress?: boolean } = {},
): Promise<void> {
  const reporter = openScratchReporter(command, showsProgress, process);
  try {
    const workDir = await makeTemporary(join(tmpdir(), `pvdisc-${command}-`));
    try {
      await work({ workDir, cacheDir: cacheDir(process.env), signal, reporter, overrides });
    } finally {
      reporter.close();
      await removeTemporary(workDir);
    }
  } finally {
    reporter.close();
  }
}
