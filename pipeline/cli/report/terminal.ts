import type { Reporter } from '../../core/reporter.ts';
import { printable, printableLines } from '../../core/text.ts';
import { progressText } from './progress-text.ts';

/** The stream of a terminal. */
export interface Terminal {
  readonly columns?: number;
  write: (text: string) => unknown;
}

/** How a terminal is written to. */
export interface TerminalOptions {
  /** What the live line begins with while no stage is at work; absent, there is no line then. */
  readonly title?: string;
  /** Milliseconds until the live line appears for the first time. */
  readonly delay?: number;
  /** Returns the line that stays of a stage that ended; absent, nothing stays. */
  readonly ended?: (stage: string, summary: string | undefined) => string;
}

/** A reporter that must be closed before anything else is printed. */
export interface OpenReporter extends Reporter {
  readonly close: () => void;
}

const redrawEvery = 100;

/** Erases the line that the cursor is at the start of, also where a terminal that became narrower broke it in two. */
const erase = '\r\x1b[J';

/**
 * Shows what is at work in one live line below what stays: ended stages and notes. The cursor is left at the start of the line and stays visible,
 * and the line never reaches the next row (DECAWM off), so that no width needs to be known to erase it and nothing must be restored at the end.
 */
export function terminalReporter(terminal: Terminal, options: TerminalOptions = {}): OpenReporter {
  const { title, delay = 0, ended } = options;
  const opened = performance.now();
  let work = title === undefined ? undefined : { name: title, since: opened };
  let detail = '';
  let drawn = '';
  const draw = (): void => {
    const now = performance.now();
    if (work === undefined || now - opened < delay) return;
    const seconds = Math.floor((now - work.since) / 1000);
    const line = `${work.name}${seconds > 0 ? ` (${seconds} s)` : ''}${detail === '' ? ' ...' : `: ${detail}`}`;
    if (line === drawn) return;
    drawn = line;
    const fitting = [...line].slice(0, terminal.columns).join('');
    terminal.write(`${erase}\x1b[?7l${fitting}\x1b[?7h\r`);
  };
  const clear = (): void => {
    if (drawn !== '') terminal.write(erase);
    drawn = '';
  };
  const keep = (text: string): void => {
    clear();
    terminal.write(`${text}\n`);
    draw();
  };
  const timer = setInterval(draw, redrawEvery).unref();
  const close = (): void => {
    clearInterval(timer);
    work = undefined;
    clear();
    open.delete(close);
  };
  open.add(close);
  return {
    stage: async (name, run, summary) => {
      const before = work;
      const end = (text: string | undefined): void => {
        work = before;
        detail = '';
        if (ended !== undefined) keep(ended(name, text));
      };
      work = { name, since: performance.now() };
      detail = '';
      draw();
      try {
        const result = await run();
        end(summary(result));
        return result;
      } catch (error) {
        end(undefined);
        throw error;
      }
    },
    progress: (progress) => {
      detail = printable(progressText(progress));
    },
    note: (text) => keep(printableLines(text)),
    close,
  };
}

const open = new Set<() => void>();

/** Erases every live line; for a process that ends without its reporters being closed. */
export function closeAllReporters(): void {
  for (const close of open) close();
}
