/** A stream that may be a terminal. */
interface MaybeTerminal {
  readonly isTTY?: boolean;
}

/** Whether a line on the stream can be written over. In CI a terminal's output is kept as a log. */
export function isLive({ isTTY }: MaybeTerminal, { CI, TERM }: NodeJS.ProcessEnv): boolean {
  return isTTY === true && CI === undefined && TERM !== 'dumb';
}

/** A terminal that knows colours, and a user who does not refuse them (no-color.org). */
export function wantsColour({ isTTY }: MaybeTerminal, { NO_COLOR = '', TERM }: NodeJS.ProcessEnv): boolean {
  return isTTY === true && NO_COLOR === '' && TERM !== 'dumb';
}

/** Whether the locale's encoding is UTF-8 (POSIX, "Environment Variables": the first of the three that is not empty counts). */
export function knowsUtf8({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean {
  return /utf-?8$/i.test(
    [LC_ALL, LC_CTYPE, LANG].find((locale) => locale !== undefined && locale !== '') ?? '',
  );
}
