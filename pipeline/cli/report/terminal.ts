import type { Reporter } from '../../core/reporter.ts';
import { printable, printableLines } from '../../core/text.ts';
import { progressText } from './progress-text.ts';

export interface Terminal {
  readonly columns?: number;
  write: (text: string) => unknown;
}

export interface TerminalOptions {
  /** Shown in the live line while no stage runs; without it, there is no line then. */
  readonly title?: string;
  /** Milliseconds before the live line first appears. */
  readonly delay?: number;
  /** Returns the line to keep for a finished stage; without it, none is kept. */
  readonly ended?: (stage: string, summary: string | undefined) => string;
}

/** A reporter that must be closed before other output is printed. */
export interface OpenReporter extends Reporter {
  readonly close: () => void;
}

const redrawEvery = 100;

/**
 * Erases the line at the cursor, including its rest on the next row after a terminal became narrower. The line goes first: tmux moves what
 * an erase below from the first row finds into its history.
 */
const erase = '\r\x1b[K\x1b[J';

/**
 * Shows the running stage in one live line below finished stages and notes. The cursor stays visible at the start of the line,
 * and the line does not wrap (DECAWM off), so erasing it needs no terminal width and nothing needs to be restored at the end.
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

/** Erases all live lines, for a process that ends before it closes its reporters. */
export function closeAllReporters(): void {
  for (const close of open) close();
}
