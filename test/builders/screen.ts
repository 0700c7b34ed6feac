import xterm from '@xterm/headless';

/** A terminal emulator. */
export interface Screen {
  readonly write: (text: string) => void;
  readonly resize: (columns: number) => void;
  /** The rows of the screen with those scrolled out of it, without blanks at their ends and without empty rows at the end. */
  readonly rows: () => Promise<string[]>;
  /** Like `rows`, but with wrapped lines joined, as in copied text. */
  readonly lines: () => Promise<string[]>;
  /** Whether the terminal is in its default state: colours, visible cursor, line wrap. */
  readonly isReset: () => Promise<boolean>;
}

/** Enough rows for the output of any test. */
export const screenRows = 60;

/** Opens a screen; without reflow, lines stay as they are when it becomes narrower, as in xterm and the Linux console. */
export function openScreen(columns: number, { reflows = true } = {}): Screen {
  const terminal = new xterm.Terminal({
    cols: columns,
    rows: screenRows,
    allowProposedApi: true,
    convertEol: true,
    ...(!reflows && { windowsPty: { backend: 'conpty', buildNumber: 1 } }),
  });
  let written = '';
  const { active } = terminal.buffer;
  const drawn = () => new Promise<void>((resolve) => terminal.write('', resolve));
  const broken = async (): Promise<{ text: string; isContinued: boolean }[]> => {
    await drawn();
    const rows = Array.from({ length: active.length }, (_, row) => active.getLine(row));
    const last = rows.findLastIndex((row) => row?.translateToString(true, 0, terminal.cols) !== '');
    return rows.slice(0, last + 1).map((row, index) => {
      const continues = rows[index + 1]?.isWrapped === true;
      return {
        text: row?.translateToString(!continues, 0, terminal.cols) ?? '',
        isContinued: row?.isWrapped === true,
      };
    });
  };
  return {
    write: (text) => {
      written += text;
      terminal.write(text);
    },
    resize: (width) => terminal.resize(width, screenRows),
    rows: async () => (await broken()).map(({ text }) => text.trimEnd()),
    lines: async () => {
      const lines: string[] = [];
      for (const { text, isContinued } of await broken())
        lines.push(isContinued ? `${lines.pop() ?? ''}${text}` : text);
      return lines.map((line) => line.trimEnd());
    },
    isReset: async () => {
      await drawn();
      const [x, y] = [active.cursorX, active.baseY + active.cursorY];
      await new Promise<void>((resolve) => terminal.write('x', resolve));
      const isPlain = active.getLine(y)?.getCell(x)?.isAttributeDefault() === true;
      const isHidden = written.lastIndexOf('\x1b[?25l') > written.lastIndexOf('\x1b[?25h');
      return isPlain && !isHidden && terminal.modes.wraparoundMode;
    },
  };
}
