import yargs, { type CommandModule } from 'yargs';
import { exitCodes } from '../core/errors.ts';
import { ownVersion } from '../system/own.ts';
import type { CommandIo, CommandProcess } from './command.ts';
import { listenForSignals } from './interruption.ts';
import { reportError } from './report-error.ts';
import { asksForJson, namedCommand, refuseRepeatedOrEmpty, usageError } from './usage.ts';

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
        : usageError(message ?? error?.message, namedCommand(args, modules));
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
  build: async () => (await import('./build.ts')).buildCommand,
  check: async () => (await import('./check.ts')).checkCommand,
  inspect: async () => (await import('./inspect.ts')).inspectCommand,
  catalog: async () => (await import('./catalog.ts')).catalogCommand,
  sign: async () => (await import('./sign.ts')).signCommand,
  'sign-requests': async () => (await import('./sign-requests.ts')).signRequestsCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
  publish: async () => (await import('./publish.ts')).publishCommand,
  ledger: async () => (await import('./ledger.ts')).ledgerCommand,
  watch: async () => (await import('./watch.ts')).watchCommand,
  cache: async () => (await import('./cache.ts')).cacheCommand,
  schema: async () => (await import('./schema.ts')).schemaCommand,
  tools: async () => (await import('./tools.ts')).toolsCommand,
} as const;

/** Loads the command that the arguments begin with; all of them, for help and completion, when they begin with none. */
async function loadCommands([first = '']: readonly string[]) {
  const named = Object.entries(commands).filter(([name]) => name === first);
  const loading = named.length > 0 ? named : Object.entries(commands);
  return Promise.all(loading.map(([, load]) => load()));
}

const epilogue = `Exit codes: 0 good, 1 the input is bad, 2 usage, 3 a tool is missing, 4 the network failed, 10 news (pvdisc watch), 70 a bug in pvdisc.
Environment: SOURCE_DATE_EPOCH (the date of the build), PVDISC_CACHE (where fetched sources are kept),
HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, NODE_EXTRA_CA_CERTS, NO_COLOR.`;
