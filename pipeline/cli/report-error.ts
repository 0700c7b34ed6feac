import { type ErrorKind, exitCodes, formatProblem, PipelineError, type Problem } from '../core/errors.ts';
import { systemHint } from '../system/system-error.ts';
import type { CommandProcess } from './command.ts';
import { lacksFileDescriptors, openFilesHint, tooManyOpenFiles } from './open-files.ts';
import { jsonText } from './report/json-text.ts';

/** How to report an error. */
export interface ErrorReport {
  readonly json: boolean;
  /** Exit code for the signal that stopped the run, if any. */
  readonly interrupted: number | undefined;
  readonly process: CommandProcess;
}

/** Prints an error on standard error, and as JSON on standard output if asked, and returns the exit code. */
export function reportError(error: unknown, { json, interrupted, process }: ErrorReport): number {
  const report = (kind: ErrorKind | 'bug', problems: readonly Problem[]): number => {
    if (json) process.stdout.write(jsonText({ error: { kind, problems } }));
    return exitCodes[kind];
  };
  if (interrupted !== undefined) {
    process.stderr.write('pvdisc: stopped; no partial output is left\n');
    report('interrupted', [{ place: 'pvdisc', message: 'stopped; no partial output is left' }]);
    return interrupted;
  }
  const known = userError(error);
  if (known === undefined) {
    const { stack, message } = error instanceof Error ? error : { stack: undefined, message: String(error) };
    process.stderr.write(`pvdisc: this is a bug, please report it:\n${stack ?? message}\n`);
    return report('bug', [{ place: 'pvdisc', message, hint: 'this is a bug, please report it' }]);
  }
  process.stderr.write(problemLines(known.problems).join(''));
  return report(known.kind, known.problems);
}

/** Findings of one rule that are shown before the rest is counted. */
const mostOfARule = 3;

/** Returns the problems as text, and of a rule that finds many only the first and how many more there are. */
function problemLines(problems: readonly Problem[]): string[] {
  const counts = new Map<string, number>();
  for (const { rule } of problems) if (rule !== undefined) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const shown = new Set<string>();
  const lines = problems.flatMap((problem) => {
    const { rule } = problem;
    if (rule === undefined || (counts.get(rule) ?? 0) <= mostOfARule) return [`${formatProblem(problem)}\n`];
    if (shown.has(rule)) return [];
    shown.add(rule);
    return [`${formatProblem(problem)}\n`];
  });
  const rest = [...shown].map(
    (rule) => `and ${(counts.get(rule) ?? 0) - 1} more of ${rule}: pvdisc check RELEASE ${rule}\n`,
  );
  return [...lines, ...rest];
}

/** Returns the error to show to the user: a PipelineError, or one made from a system error with a known cause; undefined for a bug. */
export function userError(error: unknown): PipelineError | undefined {
  if (error instanceof PipelineError) return error;
  if (lacksFileDescriptors(error)) return withoutFileDescriptors(error);
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

function withoutFileDescriptors(cause: unknown): PipelineError {
  const problem = { place: 'pvdisc', message: tooManyOpenFiles, hint: openFilesHint };
  return new PipelineError('input', problem, { cause });
}
