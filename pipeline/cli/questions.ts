import { createInterface } from 'node:readline/promises';
import { PipelineError } from '../core/errors.ts';
import { reasonText } from '../manifest/fields.ts';
import { packageField } from '../manifest/package-schema.ts';
import { releaseSchema } from '../manifest/release-schema.ts';
import type { CommandIo } from './command.ts';

const shapes: Readonly<
  Record<
    string,
    {
      safeParse: (value: unknown) => { success: boolean; error?: { issues: readonly { message: string }[] } };
    }
  >
> = {
  name: packageField.shape.name.pipe(releaseSchema.shape.name),
  'release-version': releaseSchema.shape.version,
  title: releaseSchema.shape.title,
  maintainer: packageField.shape.maintainer.unwrap(),
  unsigned: reasonText,
};

/** Returns what is wrong with a value of an option, undefined if nothing is. */
function wrongWith(option: string, value: string): string | undefined {
  return shapes[option]?.safeParse(value).error?.issues[0]?.message;
}

/** Throws at the first option whose value a release cannot have. */
export function requireValid(options: Given): void {
  for (const option of ['name', 'release-version', 'title', 'maintainer', 'unsigned'] as const) {
    const value = options[option];
    const wrong = value === undefined ? undefined : wrongWith(option, value);
    if (wrong !== undefined) throw badOption(`--${option} ${value}`, wrong);
  }
}

function badOption(place: string, message: string): PipelineError {
  return new PipelineError('usage', { place, message, hint: 'see pvdisc init --help' });
}

type Question = 'name' | 'release-version' | 'title' | 'maintainer' | 'unsigned';

/** Answers that options give. */
type Given = Readonly<Record<Question, string | undefined>>;

interface Questions {
  /** Returns the option if it is given, else asks on a terminal, else returns what is proposed. */
  readonly text: (option: Question, question: string, proposed: string) => Promise<string>;
  readonly close: () => void;
}

/** Asks on a terminal, unless --yes or CI; the caller closes it. */
export function openQuestions(
  options: Given & { readonly yes: boolean },
  { process: { stderr, env }, signal }: CommandIo,
): Questions {
  const isAsking = !options.yes && stderr.isTTY === true && process.stdin.isTTY && !env.CI;
  const ended = new AbortController();
  const lines = isAsking ? createInterface({ input: process.stdin, output: process.stderr }) : undefined;
  lines?.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  lines?.once('close', () => ended.abort());
  const ask = async (question: string, proposed: string): Promise<string> => {
    const shown = proposed === '' ? `${question}: ` : `${question} [${proposed}]: `;
    const answer = lines?.question(shown, { signal: AbortSignal.any([signal, ended.signal]) });
    return (
      (await answer?.catch(() => {
        signal.throwIfAborted();
        throw badOption('pvdisc init', 'the input ended before all questions were answered');
      })) ?? ''
    ).trim();
  };
  return {
    text: async (option, question, proposed) => {
      const given = options[option];
      if (typeof given === 'string') return given;
      while (lines !== undefined) {
        const answer = (await ask(question, proposed)) || proposed;
        const wrong = answer === '' ? 'must not be empty' : wrongWith(option, answer);
        if (wrong === undefined) return answer;
        stderr.write(`  ${wrong}\n`);
      }
      const wrong = wrongWith(option, proposed);
      if (wrong !== undefined)
        throw new PipelineError('usage', {
          place: `--${option}`,
          message: proposed === '' ? 'is missing' : `"${proposed}" is proposed, which ${wrong}`,
          hint: option === 'maintainer' ? 'add --maintainer "Name <name@example.org>"' : `add --${option}`,
        });
      return proposed;
    },
    close: () => lines?.close(),
  };
}
