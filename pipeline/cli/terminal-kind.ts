interface MaybeTerminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** A terminal of no size, as in some containers, says 0. */
const fewestColumns = 20;

/** What a report may use of a terminal. */
export interface Look {
  readonly colour: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** Returns colour and size for a report; where lines cannot wrap, as in a pipe, they have no width. */
export function lookOf(stdout: MaybeTerminal, env: NodeJS.ProcessEnv): Look {
  const { isTTY, columns = 0, rows = 0 } = stdout;
  const isSized = isTTY === true && columns >= fewestColumns;
  return {
    colour: wantsColour(stdout, env),
    ...(isSized && { columns }),
    ...(isSized && rows > 0 && { rows }),
  };
}

/** Returns whether lines can be overwritten: on a terminal, unless CI keeps its output as a log. */
export function isLive({ isTTY }: MaybeTerminal, { CI, TERM }: NodeJS.ProcessEnv): boolean {
  return isTTY === true && CI === undefined && !isDumb(TERM);
}

/** Returns whether to use colours: on a terminal that supports them, unless NO_COLOR is set (no-color.org). */
export function wantsColour({ isTTY }: MaybeTerminal, { NO_COLOR = '', TERM }: NodeJS.ProcessEnv): boolean {
  return isTTY === true && NO_COLOR === '' && !isDumb(TERM);
}

/** A terminal that does not say what it is, as on some serial lines, may know no escape sequences (terminfo(5)). */
function isDumb(term = ''): boolean {
  return term === '' || term === 'dumb';
}

/** Returns whether the locale uses UTF-8; the first of the three variables that is not empty counts (POSIX, "Environment Variables"). */
export function knowsUtf8({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean {
  return /utf-?8$/i.test(
    [LC_ALL, LC_CTYPE, LANG].find((locale) => locale !== undefined && locale !== '') ?? '',
  );
}
