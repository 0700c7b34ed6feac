import { printable, printableLines } from './text.ts';

/** The kind of an error; it decides the exit code. */
export type ErrorKind = 'input' | 'usage' | 'tool' | 'network' | 'interrupted';

/** Exit codes of the command, stable for CI (README, "Exit codes"). */
export const exitCodes: Readonly<Record<ErrorKind | 'success' | 'news' | 'lost' | 'bug', number>> = {
  success: 0,
  input: 1,
  usage: 2,
  tool: 3,
  network: 4,
  news: 10,
  lost: 11,
  bug: 70,
  interrupted: 130,
};

/** One mistake: where it is, what is wrong and what to do next. */
export interface Problem {
  /** A file, a path on the disc, or a file with the path and line in it. */
  readonly place: string;
  readonly message: string;
  readonly hint?: string;
  /** The rule that found it, where one did. */
  readonly rule?: string;
}

/** What every reader of pvdisc throws when a file is not what its format demands, or is more than its limits allow. */
export class PvdiscError extends Error {
  /** The line at fault, from 1, in text formats. */
  declare readonly line?: number;

  constructor(message: string, { line, ...options }: ErrorOptions & { readonly line?: number } = {}) {
    super(message, options);
    if (line !== undefined) this.line = line;
  }
}

/** The only error that a user's mistake, a missing tool or a failing network raises; holds every problem found. */
export class PipelineError extends PvdiscError {
  readonly kind: ErrorKind;
  readonly problems: readonly Problem[];

  constructor(kind: ErrorKind, problems: Problem | readonly Problem[], options?: ErrorOptions) {
    const all = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(all.map(formatProblem).join('\n'), options);
    this.name = 'PipelineError';
    this.kind = kind;
    this.problems = all;
  }
}

/** Returns the problem as the lines that a person reads: `place: message [rule]`, then the hint; nothing in them moves a terminal's cursor. */
export function formatProblem({ place, message, hint, rule }: Problem): string {
  const fact = `${printable(place)}: ${printableLines(message)}${rule === undefined ? '' : ` [${rule}]`}`;
  return hint === undefined ? fact : `${fact}\n  hint: ${printableLines(hint)}`;
}

/** Tells whether an error comes from a call to the operating system, such as a missing file or a full disk. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
