import { constants } from 'node:os';
import yargs, { type CommandModule } from 'yargs';
import { exitCodes, PipelineError } from '../errors.ts';
import { ownVersion } from '../host/own.ts';
import type { CommandIo, CommandProcess } from './command.ts';
import { reportError } from './report-error.ts';
import { asksForJson, commandOf, refuseRepeatedOrEmpty, usageError } from './usage.ts';

/** Runs the command line and returns the exit code (README, "Exit codes"); never throws. */
export async function main(args: readonly string[], process: CommandProcess): Promise<number> {
  const interruption = listenForSignals();
  let exitCode = exitCodes.success;
  const io: CommandIo = {
    process,
    signal: interruption.signal,
    exitWith: (code) => {
      exitCode = code;
    },
  };
  try {
    await commandLine(args, io);
    return exitCode;
  } catch (error) {
    return reportError(error, { json: asksForJson(args), interrupted: interruption.exitCode(), process });
  } finally {
    interruption.stop();
  }
}

async function commandLine(args: readonly string[], io: CommandIo): Promise<void> {
  const modules = (await loadCommands(args)).map((command) => command(io) as CommandModule);
  const parser = yargs([...args])
    .scriptName('pvdisc')
    .usage(
      '$0 <command>\n\nBuilds the disc of paravirtual Windows drivers that KVM guests need, and the Debian package that puts it on a host.',
    )
    .completion('completion', 'Print a completion script for bash or zsh')
    .demandCommand(1, 'name a command')
    .strict()
    .locale('en')
    .version(await ownVersion())
    .help()
    .alias('help', 'h')
    .wrap(100)
    .exitProcess(false)
    .check(refuseRepeatedOrEmpty, true)
    .fail((message, error) => {
      throw error instanceof Error && error.name !== 'YError'
        ? error
        : usageError(message ?? error?.message, commandOf(args, modules));
    })
    .epilogue(epilogue);
  for (const module of modules) parser.command(module);
  let text = '';
  await parser.parseAsync([...args], {}, (_error, _arguments, output) => {
    text = output;
  });
  if (text !== '') io.process.stdout.write(`${text}\n`);
}

/** Every command by its name; each is loaded with what it needs only when it runs. */
const commands = {
  build: async () => (await import('./build.ts')).build,
  check: async () => (await import('./check.ts')).check,
  inspect: async () => (await import('./inspect.ts')).inspect,
  verify: async () => (await import('./verify.ts')).verify,
  publish: async () => (await import('./publish.ts')).publish,
  ledger: async () => (await import('./ledger.ts')).ledger,
  watch: async () => (await import('./watch.ts')).watch,
  cache: async () => (await import('./cache.ts')).cache,
  schema: async () => (await import('./schema.ts')).schema,
  tools: async () => (await import('./tools.ts')).tools,
} as const;

/** Loads the command that the arguments begin with; all of them, for help and completion, when they begin with none. */
async function loadCommands([first = '']: readonly string[]) {
  const named = Object.entries(commands).filter(([name]) => name === first);
  const loading = named.length > 0 ? named : Object.entries(commands);
  return Promise.all(loading.map(([, load]) => load()));
}

const epilogue = `Exit codes: 0 good, 1 the input is bad, 2 usage, 3 a tool is missing, 4 the network failed, 10 news (pvdisc watch), 70 a bug in pvdisc.
Environment: SOURCE_DATE_EPOCH (the date of the build), PVDISC_CACHE (where fetched sources are kept),
HTTP_PROXY, HTTPS_PROXY, NO_PROXY, NO_COLOR.`;

/** Aborts on the first Ctrl-C or SIGTERM; a second one ends the process at once. The listeners stay, since libraries would else end it. */
function listenForSignals(): { signal: AbortSignal; exitCode: () => number | undefined; stop: () => void } {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const interrupt = (name: NodeJS.Signals): void => {
    if (exitCode !== undefined) globalThis.process.exit(exitCode);
    exitCode = 128 + (constants.signals[name] ?? 0);
    controller.abort(new PipelineError('interrupted', { place: 'pvdisc', message: `stopped by ${name}` }));
  };
  const names: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  for (const name of names) globalThis.process.on(name, interrupt);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    stop: () => {
      for (const name of names) globalThis.process.off(name, interrupt);
    },
  };
}
