import { PipelineError } from '../core/errors.ts';
import { nearName } from '../core/near-name.ts';

/** A command line that yargs refused, and what it may hold. */
export interface CommandLine {
  readonly args: readonly string[];
  /** The command that the arguments begin with; empty when they begin with none. */
  readonly command: string;
  /** Actions of the command; empty for one without. */
  readonly actions: readonly string[];
  /** Definitions of commands, such as `build <release>`. */
  readonly definitions: readonly string[];
  /** Options of the command, without dashes. */
  readonly options: readonly string[];
}

/** Text for yargs to fail with when no command is named. */
export const noCommand = 'No command';

/** Returns the text for yargs to fail with when an action of a command is unknown. */
export function unknownAction(actions: readonly string[]): string {
  return `Unknown action, expected ${actions.join(', ')}`;
}

interface Fact {
  readonly message: string;
  readonly hint?: string;
}

type Reader = (groups: readonly string[], line: CommandLine) => Fact[];

/** What yargs says (locale "en") and how to read it; its line breaks are blanks here. */
const readers: readonly (readonly [RegExp, Reader])[] = [
  [/^No command$/, (_, line) => [missingCommand(line)]],
  [/^Unknown action, expected (.+)$/, ([actions = ''], { args }) => [action(args[1], actions.split(', '))]],
  [/^Not enough non-option arguments: got (\d+)/, ([got], line) => [missingArgument(line, Number(got))]],
  [/^Unknown arguments?: (.+)$/, ([names = ''], line) => unknownArguments(names.split(', '), line)],
  [/^Missing required arguments?: (.+)$/, ([names = '']) => names.split(', ').map(missingOption)],
  [/^Not enough arguments following: (\S+)$/, ([name]) => [{ message: `option --${name} needs a value` }]],
  [/^Invalid values: (.+)$/, ([text = '']) => invalidValues(text)],
  [/^Arguments (\S+) and (\S+) are mutually exclusive$/, ([a, b]) => [exclusive(a, b)]],
  [/^Missing dependent arguments: (\S+) -> (\S+)$/, ([a, b]) => [dependent(a, b)]],
];

/** Turns a message of yargs into a usage error: the command, what is wrong with its arguments, and what to do. */
export function usageError(text: string, line: CommandLine): PipelineError {
  const place = `pvdisc ${line.command}`.trim();
  const oneLine = text.replaceAll(/\s*\n\s*/g, ' ');
  for (const [pattern, read] of readers) {
    const match = pattern.exec(oneLine);
    if (match === null) continue;
    const facts = read(match.slice(1), line);
    const problems = facts.map(({ message, hint = `see ${place} --help` }) => ({ place, message, hint }));
    return new PipelineError('usage', problems);
  }
  return new PipelineError('usage', { place, message: oneLine, hint: `see ${place} --help` });
}

function missingCommand({ args: [first] }: CommandLine): Fact {
  if (first === undefined) return { message: 'no command given' };
  const hint = 'give the command first, then its options; see pvdisc --help';
  return { message: `no command given before ${first}`, hint };
}

function missingArgument({ args: [, action], command, definitions }: CommandLine, got: number): Fact {
  const definition = definitions.find((candidate) => candidate.startsWith(`${command} `)) ?? '';
  const names = [...definition.matchAll(/<(\w+)/g)].map(([, argument]) => argument);
  const name = names[got] ?? names[0];
  if (name !== 'action' || action === undefined || action.startsWith('-'))
    return { message: `argument <${name}> is missing` };
  return { message: `the argument of ${action} is missing`, hint: `see pvdisc ${command} ${action} --help` };
}

function missingOption(name: string): Fact {
  return { message: `option --${name} is missing` };
}

function action(given: string | undefined, actions: readonly string[]): Fact {
  const hint = suggestion(given, actions);
  return {
    message: `unknown action "${given}", expected ${oneOf(actions)}`,
    ...(hint !== undefined && { hint }),
  };
}

/** yargs names an unknown `--foo-bar` twice, the second time as `fooBar`, and also among the options that it knows. */
function unknownArguments(names: readonly string[], line: CommandLine): Fact[] {
  const [, given = ''] = line.args;
  const isUnknownAction = line.actions.length > 0 && !given.startsWith('-') && !line.actions.includes(given);
  if (isUnknownAction) return [action(given, line.actions)];
  const doubles = new Set(names.filter((name) => name.includes('-')).map(camelCased));
  const options = line.options.filter((option) => !names.includes(option));
  const isOption = (name: string) =>
    line.args.some((arg) => arg.startsWith('-') && optionName(arg).startsWith(name));
  // Without a known command, its arguments are unknown too, and their options.
  const [mistyped] = line.command === '' ? names.filter((name) => !isOption(name)) : [];
  return (mistyped === undefined ? names : [mistyped])
    .filter((name) => !doubles.has(name))
    .map((name) => unknownArgument(name, { ...line, options }));
}

function unknownArgument(name: string, { args, command, definitions, options }: CommandLine): Fact {
  const given = args.find((arg) => arg.startsWith('-') && optionName(arg).startsWith(name));
  if (given !== undefined) {
    const dashed = given.split('=')[0] ?? given;
    return unknown(`option ${dashed}`, optionName(given), options, '--');
  }
  if (command !== '') return { message: `unexpected argument "${name}"` };
  const commands = definitions.map((definition) => definition.split(' ')[0] ?? '');
  return unknown(`command "${name}"`, name, commands, 'pvdisc ');
}

function unknown(what: string, given: string, known: readonly string[], prefix: string): Fact {
  const hint = suggestion(given, known, prefix);
  return { message: `unknown ${what}`, ...(hint !== undefined && { hint }) };
}

function optionName(arg: string): string {
  return arg.replace(/^--?(?:no-)?/, '').replace(/=.*$/s, '');
}

function camelCased(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** Reads `Argument: a, Given: "x", Choices: "y", "z"`, once for each argument. */
function invalidValues(text: string): Fact[] {
  const found = text.matchAll(/Argument: (\S+), Given: (.+?), Choices: ((?:"[^"]*"(?:, )?)+)/g);
  return [...found].map(([, name = '', given = '', choices = '']) => {
    const known = [...choices.matchAll(/"([^"]*)"/g)].map(([, choice = '']) => choice);
    const argument = name === 'name' ? '<name>' : `--${name}`;
    const hint = suggestion(given.replaceAll('"', ''), known);
    return {
      message: `${argument} is ${given}, expected ${oneOf(known)}`,
      ...(hint !== undefined && { hint }),
    };
  });
}

function exclusive(a = '', b = ''): Fact {
  return { message: `--${a} and --${b} exclude each other`, hint: 'give one of them' };
}

function dependent(a = '', b = ''): Fact {
  return { message: `--${a} needs --${b}`, hint: `add --${b}` };
}

function oneOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

function suggestion(given = '', known: readonly string[], prefix = ''): string | undefined {
  const near = nearName(given, known);
  return near === undefined ? undefined : `did you mean ${prefix}${near}?`;
}
