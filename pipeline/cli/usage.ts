import type { CommandModule } from 'yargs';
import { PipelineError } from '../core/errors.ts';

/** Returns the command that the arguments begin with; empty when they begin with none. */
export function namedCommand([first = '']: readonly string[], modules: readonly CommandModule[]): string {
  return modules.some(({ command }) => String(command).split(' ')[0] === first) ? first : '';
}

/** Arguments of commands, which are not written with dashes. */
export const positionals: ReadonlySet<string> = new Set(['release', 'inputs', 'releases', 'hardwareId']);

/** Options and arguments that may be given more than once. */
const arrays: ReadonlySet<string> = new Set(['_', 'use', 'inputs', 'releases', 'limit', 'timestamp']);

/** Refuses a repeated option, which yargs reads as an array, and an empty value. */
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

/** Returns whether to report errors as JSON too, read from the raw arguments, since parsing them may be what fails. */
export function asksForJson(args: readonly string[]): boolean {
  return /(^| )(--json(=true)?|--format[= ]json)( |$)/.test(args.join(' '));
}
