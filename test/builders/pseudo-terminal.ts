import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { temporaryFolder } from './release.ts';
import { openScreen, screenRows } from './screen.ts';

/** Creates a pseudo-terminal (bsdutils) and sets its size (coreutils). */
export const terminalTools = ['script', 'stty'] as const;

/** Options of a command on a terminal. */
export interface TerminalSettings {
  readonly columns?: number;
  /** Besides PATH, HOME, TERM and LANG. */
  readonly env?: NodeJS.ProcessEnv;
  /** Redirections of the shell, such as `2>/dev/null`. */
  readonly redirections?: string;
}

/** Exit code of a command on a terminal and the final screen. */
export interface TerminalResult {
  readonly exitCode: number | undefined;
  readonly rows: readonly string[];
  readonly lines: readonly string[];
  /** Raw output, including control sequences. */
  readonly written: string;
  readonly isReset: boolean;
}

/** A command running on a terminal. */
export interface OnTerminal {
  /** Waits until the screen shows a text. */
  readonly shows: (text: string | RegExp) => Promise<void>;
  readonly type: (keys: string) => void;
  readonly resize: (columns: number) => Promise<void>;
  /** Closes the terminal, as a user closes its window. */
  readonly hangUp: () => void;
  readonly result: Promise<TerminalResult>;
}

/** Runs a command on a pseudo-terminal that an emulator reads. */
export async function onTerminal(
  command: readonly string[],
  { columns = 80, env = {}, redirections = '' }: TerminalSettings = {},
): Promise<OnTerminal> {
  const device = join(await temporaryFolder('pvdisc-terminal-'), 'device');
  const screen = openScreen(columns);
  const size = (width: number) => ['rows', String(screenRows), 'cols', String(width)];
  const started = `stty ${size(columns).join(' ')}; tty > ${shellWord(device)}`;
  const inside = `${started}; exec ${command.map(shellWord).join(' ')} ${redirections}`;
  const { PATH, HOME } = process.env;
  const args = ['--quiet', '--return', '--flush', '--echo', 'always', '--command', inside, '/dev/null'];
  const running = execa('script', args, {
    reject: false,
    buffer: false,
    extendEnv: false,
    env: { PATH, HOME, SHELL: '/bin/sh', TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
  });
  let written = '';
  running.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    screen.write(text);
  });
  let hasEnded = false;
  const result = running.then(async ({ exitCode }) => {
    hasEnded = true;
    const [rows, lines] = [await screen.rows(), await screen.lines()];
    return { exitCode, rows, lines, written, isReset: await screen.isReset() };
  });
  const opened = async (): Promise<string> => {
    for (;;) {
      const text = await readFile(device, 'utf8').catch(() => '');
      if (text.endsWith('\n')) return text.trim();
      if (hasEnded) throw new Error(`script opened no terminal: ${written}`);
      await sleep(10);
    }
  };
  return {
    shows: async (wanted) => {
      for (;;) {
        const text = (await screen.rows()).join('\n');
        if (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)) return;
        if (hasEnded) throw new Error(`the command ended and never showed ${wanted}:\n${text}`);
        await sleep(10);
      }
    },
    type: (keys) => void running.stdin.write(keys),
    resize: async (width) => {
      const tty = await opened();
      await screen.rows();
      screen.resize(width);
      await execa('stty', ['-F', tty, ...size(width)]);
    },
    hangUp: () => void running.kill('SIGKILL'),
    result,
  };
}

function shellWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
