import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ErrorKind, exitCodes, formatProblem, PipelineError, type Problem } from '../core/errors.ts';
import { systemHint } from '../system/system-error.ts';
import type { CommandProcess } from './command.ts';
import { jsonText } from './report/json-text.ts';

/** How to tell of an error: `interrupted` is the exit code of the signal that stopped the run, if one did. */
export interface ErrorReport {
  readonly json: boolean;
  readonly interrupted: number | undefined;
  readonly process: CommandProcess;
}

/** Tells a person (or, with `--json`, a program) what went wrong and returns the exit code. */
export function reportError(error: unknown, { json, interrupted, process }: ErrorReport): number {
  const tell = (kind: ErrorKind | 'bug', problems: readonly Problem[]): number => {
    if (json) process.stdout.write(jsonText({ error: { kind, problems } }));
    return exitCodes[kind];
  };
  if (interrupted !== undefined) {
    process.stderr.write('pvdisc: stopped; nothing half-written is left\n');
    tell('interrupted', [{ place: 'pvdisc', message: 'stopped; nothing half-written is left' }]);
    return interrupted;
  }
  const known = userError(error);
  if (known === undefined) {
    const { stack, message } = error instanceof Error ? error : { stack: undefined, message: String(error) };
    process.stderr.write(`pvdisc: this is a bug, please report it:\n${stack ?? message}\n`);
    return tell('bug', [{ place: 'pvdisc', message, hint: 'this is a bug, please report it' }]);
  }
  for (const problem of known.problems) process.stderr.write(`${formatProblem(problem)}\n`);
  return tell(known.kind, known.problems);
}

/** Returns an error that is no bug of ours: one that was made for the user, or one of the operating system that a machine's state explains. */
export function userError(error: unknown): PipelineError | undefined {
  if (error instanceof PipelineError) return error;
  if (isForWantOfFiles(error)) return tooManyOpenFiles(error);
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

/** Node.js reports a missing module when it can open no more files to find it; whether that is so, another open shows. */
function isForWantOfFiles(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EMFILE' || (code === 'ERR_MODULE_NOT_FOUND' && canOpenNoFile());
}

function canOpenNoFile(): boolean {
  try {
    closeSync(openSync(fileURLToPath(import.meta.url), 'r'));
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EMFILE';
  }
}

function tooManyOpenFiles(cause: unknown): PipelineError {
  const problem = { place: 'pvdisc', message: 'too many files are open', hint: systemHint('EMFILE') ?? '' };
  return new PipelineError('input', problem, { cause });
}
