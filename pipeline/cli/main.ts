import yargs, { type CommandModule } from 'yargs';
import { exitCodes } from '../core/errors.ts';
import { ownVersion } from '../system/own.ts';
import type { CommandIo, CommandProcess } from './command.ts';
import { listenForSignals } from './interruption.ts';
import { reportError } from './report-error.ts';
import { takePassphrase } from './signer-passphrase.ts';
import { actionsOf, asksForJson, namedCommand, positionals, refuseRepeatedOrEmpty } from './usage.ts';
import { noCommand, usageError } from './usage-error.ts';

/** Runs the command line and returns the exit code (README, "Exit codes"); never throws. */
export async function main(args: readonly string[], process: CommandProcess): Promise<number> {
  const interruption = listenForSignals();
  let exitCode = exitCodes.success;
  const io: CommandIo = {
    process,
    signerPassphrase: takePassphrase(process.env),
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
      '$0 <command>\n\nBuilds discs of paravirtual drivers for Windows guests on KVM and Xen, and packages that install them on hosts.',
    )
    .completion('completion', 'Print a completion script for bash or zsh')
    .demandCommand(1, noCommand)
    .strict()
    .locale('en')
    .version(await ownVersion())
    .help()
    .alias('help', 'h')
    .wrap(100)
    .exitProcess(false)
    .check(refuseRepeatedOrEmpty, true)
    .fail((message, error) => {
      if (error instanceof Error && error.name !== 'YError') throw error;
      const known = Object.keys(parser.parsed === false ? {} : parser.parsed.aliases);
      const command = namedCommand(args, modules);
      // A missing value is the nearer mistake: yargs reports a missing argument in its place.
      const { error: unparsed } = parser.parsed === false ? {} : parser.parsed;
      throw usageError(unparsed?.message ?? message ?? error?.message, {
        args,
        command,
        actions: actionsOf(command),
        definitions: modules.map(({ command }) => String(command)),
        options: known.filter((name) => !/[A-Z]/.test(name) && !positionals.has(name)),
      });
    })
    .epilogue(epilogue);
  for (const module of modules) parser.command(module);
  let text = '';
  await parser.parseAsync([...args], {}, (_error, _arguments, output) => {
    text = output;
  });
  if (text !== '') io.process.stdout.write(`${text}\n`);
}

/** All commands by name, loaded on demand. */
const commands = {
  init: async () => (await import('./init.ts')).initCommand,
  build: async () => (await import('./build.ts')).buildCommand,
  check: async () => (await import('./check.ts')).checkCommand,
  inspect: async () => (await import('./inspect.ts')).inspectCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  which: async () => (await import('./which.ts')).whichCommand,
  diff: async () => (await import('./diff.ts')).diffCommand,
  catalog: async () => (await import('./catalog.ts')).catalogCommand,
  sign: async () => (await import('./sign.ts')).signCommand,
  'sign-requests': async () => (await import('./sign-requests.ts')).signRequestsCommand,
  submission: async () => (await import('./submission.ts')).submissionCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
  publish: async () => (await import('./publish.ts')).publishCommand,
  plan: async () => (await import('./plan.ts')).planCommand,
  ledger: async () => (await import('./ledger.ts')).ledgerCommand,
  watch: async () => (await import('./watch.ts')).watchCommand,
  cache: async () => (await import('./cache.ts')).cacheCommand,
  schema: async () => (await import('./schema.ts')).schemaCommand,
  tools: async () => (await import('./tools.ts')).toolsCommand,
} as const;

/** Loads the command that the arguments begin with, or else all of them, for help and completion. */
async function loadCommands([first = '']: readonly string[]) {
  const named = Object.entries(commands).filter(([name]) => name === first);
  const loading = named.length > 0 ? named : Object.entries(commands);
  return Promise.all(loading.map(([, load]) => load()));
}

const epilogue = `Exit codes: 0 success, 1 bad input, 2 usage error, 3 missing tool, 4 network failure, 10 news (pvdisc watch), 11 loss (pvdisc diff), 70 bug in pvdisc, 128 + N ended by signal N.
Environment: SOURCE_DATE_EPOCH (date of the build), PVDISC_CACHE (cache folder),
HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, NODE_EXTRA_CA_CERTS, NO_COLOR.`;
