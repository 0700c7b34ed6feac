import { type ErrorKind, exitCodes, formatProblem, PipelineError, type Problem } from '../errors.ts';
import { systemHint } from '../host/system-hint.ts';
import type { CommandProcess } from './command.ts';

/** How to tell of an error: `interrupted` is the exit code of the signal that stopped the run, if one did. */
export interface ErrorReport {
  readonly json: boolean;
  readonly interrupted: number | undefined;
  readonly process: CommandProcess;
}

/** Tells a person (or, with `--json`, a program) what went wrong and returns the exit code. */
export function reportError(error: unknown, { json, interrupted, process }: ErrorReport): number {
  const tell = (kind: ErrorKind | 'bug', problems: readonly Problem[]): number => {
    if (json) process.stdout.write(`${JSON.stringify({ error: { kind, problems } }, null, 2)}\n`);
    return exitCodes[kind];
  };
  if (interrupted !== undefined) {
    process.stderr.write('pvdisc: stopped; nothing half-written is left\n');
    tell('interrupted', [{ place: 'pvdisc', message: 'stopped; nothing half-written is left' }]);
    return interrupted;
  }
  const known = error instanceof PipelineError ? error : systemError(error);
  if (known === undefined) {
    const { stack, message } = error instanceof Error ? error : { stack: undefined, message: String(error) };
    process.stderr.write(`pvdisc: this is a bug, please report it:\n${stack ?? message}\n`);
    return tell('bug', [{ place: 'pvdisc', message, hint: 'this is a bug, please report it' }]);
  }
  for (const problem of known.problems) process.stderr.write(`${formatProblem(problem)}\n`);
  return tell(known.kind, known.problems);
}

/** An error that the operating system gave is no bug of ours when it is one of those that a machine's state explains. */
function systemError(error: unknown): PipelineError | undefined {
  const { code, path, syscall, message } = error as NodeJS.ErrnoException;
  const hint = systemHint(code);
  if (hint === undefined) return undefined;
  const problem: Problem = {
    place: path ?? syscall ?? 'system',
    message: message.replace(/^E[A-Z]+: /, ''),
    hint,
  };
  return new PipelineError('input', problem, { cause: error });
}
