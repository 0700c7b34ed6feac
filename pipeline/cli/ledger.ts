import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { exitCodes, PipelineError } from '../errors.ts';
import { exists } from '../host/files.ts';
import { addToLedger } from '../ledger/add.ts';
import { checkAgainstLedger } from '../ledger/check.ts';
import { examineFile } from '../ledger/examine.ts';
import { findRelease, readLedger } from '../ledger/read.ts';
import {
  type LedgerFormat,
  ledgerDetails,
  ledgerTable,
  recordedText,
  verdictText,
} from '../report/ledger.ts';
import { guarded } from '../sources/guard.ts';
import type { Command, CommandIo } from './command.ts';
import { formatOption } from './format-option.ts';
import { ledgerOption } from './ledger-option.ts';
import { openReporter } from './reporter.ts';
import { scratchRun } from './scratch-run.ts';

interface LedgerOptions {
  readonly ledger: string;
  readonly format: LedgerFormat;
}

/** `pvdisc ledger`: the upstream discs whose digests are known. */
export const ledger: Command<object> = (io) => ({
  command: 'ledger <action>',
  describe: 'Known upstream discs: list them, check a file against them, add one',
  builder: (parser) =>
    withOptions(parser)
      .usage(
        `$0 ledger list
$0 ledger show RELEASE
$0 ledger check FILE
$0 ledger add URL

Upstream publishes no checksums of its discs. The ledger has those that packages and build recipes
pin: "confirmed" where independent sources agree, "single" where one is known.`,
      )
      .command('list', 'List all releases', withOptions, (options) => list(options, io))
      .command(
        'show <name>',
        'Show all that is known of a release',
        (show) =>
          withOptions(show).positional('name', {
            type: 'string',
            demandOption: true,
            describe: 'Such as 0.1.285-1, or 0.1.285 for all builds of it',
          }),
        (options) => show(options, io),
      )
      .command(
        'check <file>',
        'Say which release a file is; exit code 1 when it is none, altered, mislabelled or a web page',
        (check) =>
          withOptions(check).positional('file', { type: 'string', demandOption: true, describe: 'An ISO' }),
        (options) => check(options, io),
      )
      .command(
        'add <url>',
        'Fetch a disc and record its digest; a second host confirms it',
        (add) =>
          withOptions(add)
            .positional('url', {
              type: 'string',
              demandOption: true,
              describe: 'Address of the ISO: https, http or file',
            })
            .option('release', {
              type: 'string',
              requiresArg: true,
              describe: 'Which release it is, such as 0.1.285-1; read from the address when absent',
            }),
        (options) => add(options, io),
      )
      .demandCommand(1, 'name an action: list, show, check or add'),
  handler: () => {},
});

function withOptions<Given>(parser: Argv<Given>) {
  return parser.option('ledger', ledgerOption).option('format', formatOption());
}

async function list({ ledger: file, format }: LedgerOptions, io: CommandIo): Promise<void> {
  const known = await readLedger(file);
  print(format, known, () => ledgerTable(known.releases), io);
}

async function show({ ledger: file, format, name }: LedgerOptions & { name: string }, io: CommandIo) {
  const entries = findRelease(await readLedger(file), name);
  if (entries.length === 0) {
    throw new PipelineError('usage', {
      place: name,
      message: 'the ledger has no such release',
      hint: 'pvdisc ledger list shows all of them',
    });
  }
  print(format, entries, () => ledgerDetails(entries), io);
}

async function check({ ledger: file, format, file: name }: LedgerOptions & { file: string }, io: CommandIo) {
  const known = await readLedger(file);
  if (!(await exists(name)) || !(await stat(name)).isFile()) {
    throw new PipelineError('input', { place: name, message: 'no such file', hint: 'give an ISO on disk' });
  }
  const traits = await guarded(name, io.signal, () => examineFile(resolve(name), name, io.signal));
  const verdict = checkAgainstLedger(known, traits);
  print(format, verdict, () => verdictText(verdict), io);
  if (verdict.verdict !== 'known') io.exitWith(exitCodes.input);
}

async function add(
  { ledger: file, format, url, release }: LedgerOptions & { url: string; release: string | undefined },
  io: CommandIo,
): Promise<void> {
  await readLedger(file);
  const reporter = openReporter(['fetch'], { quiet: false, json: format === 'json' }, io.process);
  try {
    await scratchRun('ledger', io, new Map(), async (context) => {
      const addition = { url, release, ledger: resolve(file) };
      const recorded = await reporter.stage(
        'fetch',
        () => guarded(url, io.signal, () => addToLedger(addition, { ...context, reporter })),
        ({ entry }) => entry.release,
      );
      await reporter.close();
      print(format, recorded, () => recordedText(recorded, file), io);
    });
  } finally {
    await reporter.close();
  }
}

function print(format: LedgerFormat, value: unknown, text: () => string, { process }: CommandIo): void {
  process.stdout.write(format === 'json' ? `${JSON.stringify(value, null, 2)}\n` : text());
}
