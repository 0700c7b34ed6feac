import { silentReporter } from '../core/reporter.ts';
import { printableLines } from '../core/text.ts';
import type { CommandProcess } from './command.ts';
import { plainReporter } from './report/plain.ts';
import { type OpenReporter, terminalReporter } from './report/terminal.ts';
import { isLive, knowsUtf8, wantsColour } from './terminal-kind.ts';

/**
 * Opens the reporter of a command that shows its stages on standard error: a live line on a terminal, plain lines elsewhere, and
 * nothing with `--quiet` or `--json`.
 */
export function openReporter(
  { quiet, json }: { readonly quiet: boolean; readonly json: boolean },
  { stderr, env }: CommandProcess,
): OpenReporter {
  const close = () => {};
  if (quiet || json) return { ...silentReporter, close };
  if (isLive(stderr, env)) return terminalReporter(stderr, { ended: endedLine(stderr, env) });
  return { ...plainReporter((line) => stderr.write(`${printableLines(line)}\n`)), close };
}

/** Milliseconds before a command shows that it is still running. */
const patience = 1000;

/** Opens the reporter of a command that prints only a result: it shows notes and, with `showsProgress`, a live line on a terminal if the command takes long. */
export function openScratchReporter(
  command: string,
  showsProgress: boolean,
  { stderr, env }: CommandProcess,
): OpenReporter {
  const isShown = showsProgress && isLive(stderr, env);
  const reporter = isShown
    ? terminalReporter(stderr, { title: command, delay: patience })
    : {
        ...silentReporter,
        note: (text: string) => void stderr.write(`${printableLines(text)}\n`),
        close: () => {},
      };
  // The live line names the command all the while, not the stage at work.
  return { ...reporter, stage: silentReporter.stage, note: (text) => reporter.note(`pvdisc: ${text}`) };
}

/** Marks a stage as passed or failed; in ASCII unless the locale is UTF-8. */
function endedLine(stderr: CommandProcess['stderr'], env: NodeJS.ProcessEnv) {
  const [good, failed] = knowsUtf8(env) ? ['✔', '✖'] : ['+', 'x'];
  const coloured = (mark: string, colour: number) =>
    wantsColour(stderr, env) ? `\x1b[${colour}m${mark}\x1b[39m` : mark;
  return (stage: string, summary: string | undefined) =>
    summary === undefined
      ? `${coloured(failed, red)} ${stage}`
      : `${coloured(good, green)} ${stage}: ${printableLines(summary)}`;
}

/** Foreground colours (ECMA-48, SGR). */
const [red, green] = [31, 32];
