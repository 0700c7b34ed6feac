import { printableLines } from '../report/columns.ts';
import { plainReporter } from '../report/plain.ts';
import { type Reporter, silentReporter } from '../report/reporter.ts';
import { terminalReporter } from '../report/terminal.ts';
import type { CommandProcess } from './command.ts';

/** A reporter that must be closed before anything else is printed. */
export interface OpenReporter extends Reporter {
  readonly close: () => Promise<void>;
}

/** Chooses the reporter: none for `--quiet` and `--json`, a live list on a terminal, plain lines on standard error otherwise. */
export function openReporter(
  stageNames: readonly string[],
  { quiet, json }: { readonly quiet: boolean; readonly json: boolean },
  process: CommandProcess,
): OpenReporter {
  const close = async () => {};
  if (quiet || json) return { ...silentReporter, close };
  const isLive = process.stdout.isTTY === true && process.env.CI === undefined && process.env.TERM !== 'dumb';
  if (isLive) return terminalReporter(stageNames);
  return { ...plainReporter((line) => process.stderr.write(`${printableLines(line)}\n`)), close };
}
