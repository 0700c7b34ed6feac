import type { CommandModule } from 'yargs';
import { PipelineError } from '../core/errors.ts';

/** Returns the command that the arguments begin with; empty when they begin with none. */
export function namedCommand([first = '']: readonly string[], modules: readonly CommandModule[]): string {
  return modules.some(({ command }) => String(command).split(' ')[0] === first) ? first : '';
}

/** Actions of the commands that have some. */
export const actions = {
  ledger: ['list', 'show', 'check', 'add'],
  cache: ['list', 'prune'],
} as const;

/** Returns the actions of a command; empty for one without. */
export function actionsOf(command: string): readonly string[] {
  return Object.hasOwn(actions, command) ? actions[command as keyof typeof actions] : [];
}

/** Arguments of commands, which are not written with dashes. */
export const positionals: ReadonlySet<string> = new Set([
  'action',
  'dir',
  'file',
  'folder',
  'hardwareId',
  'input',
  'inputs',
  'name',
  'new',
  'old',
  'release',
  'releases',
  'rule',
  'url',
]);

/** Options and arguments that may be given more than once. */
const arrays: ReadonlySet<string> = new Set(['_', 'use', 'inputs', 'releases', 'limit', 'timestamp']);

/** Options whose value may be left out. */
const valueless: ReadonlySet<string> = new Set(['write-baseline', 'writeBaseline']);

/** Refuses a repeated option, which yargs reads as an array, and an empty value. */
export function refuseRepeatedOrEmpty(given: Record<string, unknown>): true {
  for (const [name, value] of Object.entries(given)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    const isEmpty =
      values.includes('') && (positionals.has(name) || !arrays.has(name)) && !valueless.has(name);
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
  return args.some(
    (arg, index) =>
      /^--(?:json|json=true|format=json)$/.test(arg) || (arg === 'json' && args[index - 1] === '--format'),
  );
}
