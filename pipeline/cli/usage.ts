import type { CommandModule } from 'yargs';
import { PipelineError } from '../core/errors.ts';

/** Returns the command that the arguments begin with; empty when they begin with none. */
export function namedCommand([first = '']: readonly string[], modules: readonly CommandModule[]): string {
  return modules.some(({ command }) => String(command).split(' ')[0] === first) ? first : '';
}

/** Words a mistake on the command line; yargs' own words are kept to one line. */
export function usageError(words: string, command: string): PipelineError {
  const lacksArgument = words.startsWith('Not enough non-option arguments') && command !== '';
  return new PipelineError('usage', {
    place: `pvdisc ${command}`.trim(),
    message: lacksArgument ? 'its argument is missing' : words.replaceAll(/\s*\n\s*/g, ' '),
    hint: `see pvdisc ${[command, '--help'].join(' ').trim()}`,
  });
}

/** What may be given more than once. */
const arrays: ReadonlySet<string> = new Set(['_', 'use', 'inputs', 'releases', 'limit', 'timestamp']);

/** Arguments of commands, which are not written with dashes. */
const positionals: ReadonlySet<string> = new Set(['release', 'inputs', 'releases']);

/** An option that stands twice is an array for yargs; only those declared as arrays may be. */
export function refuseRepeatedOrEmpty(given: Record<string, unknown>): true {
  for (const [name, value] of Object.entries(given)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    const isEmpty = values.includes('') && (positionals.has(name) || !arrays.has(name));
    const isRepeated = Array.isArray(value) && !arrays.has(name);
    const fact = isRepeated ? 'is given more than once' : isEmpty ? 'has no value' : undefined;
    if (fact === undefined) continue;
    throw new PipelineError('usage', {
      place: positionals.has(name) ? `<${name}>` : `--${name}`,
      message: fact,
      hint: 'give it once, with a value',
    });
  }
  return true;
}

/** Whether errors are to be told as JSON too: known before the arguments are parsed, since that may be what fails. */
export function asksForJson(args: readonly string[]): boolean {
  return /(^| )(--json(=true)?|--format[= ]json)( |$)/.test(args.join(' '));
}
