import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunContext } from '../context.ts';
import { makeTemporary, removeTemporary } from '../host/temporary.ts';
import { printableLines } from '../report/columns.ts';
import { silentReporter } from '../report/reporter.ts';
import type { CommandIo } from './command.ts';
import { cacheDir } from './run-context.ts';

/** Runs a command that writes no release, silently but for notes, in a temporary folder that is removed however the work ends. */
export async function scratchRun(
  command: string,
  { process, signal }: CommandIo,
  overrides: ReadonlyMap<string, string>,
  work: (context: RunContext) => Promise<void>,
): Promise<void> {
  const workDir = await makeTemporary(join(tmpdir(), `pvdisc-${command}-`));
  const note = (text: string) => void process.stderr.write(`pvdisc: ${printableLines(text)}\n`);
  const reporter = { ...silentReporter, note };
  try {
    await work({ workDir, cacheDir: cacheDir(process.env), signal, reporter, overrides });
  } finally {
    await removeTemporary(workDir);
  }
}
