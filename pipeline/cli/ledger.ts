import { resolve } from 'node:path';
import { exitCodes, PipelineError } from '../core/errors.ts';
import { defaultLimits } from '../core/limits.ts';
import { addToLedger } from '../ledger/add.ts';
import { checkAgainstLedger } from '../ledger/check.ts';
import { examineFile } from '../ledger/examine.ts';
import { findRelease, readLedger } from '../manifest/ledger.ts';
import { guarded } from '../system/guard.ts';
import { pathKind, pathWords } from '../system/path-kind.ts';
import type { Command, CommandIo } from './command.ts';
import { formatOption, ledgerOption, limitOption, parseLimits } from './options.ts';
import { jsonText } from './report/json-text.ts';
import { type LedgerFormat, ledgerDetails, ledgerTable, recordedText, verdictText } from './report/ledger.ts';
import { openReporter } from './reporter.ts';
import { scratchRun } from './scratch-run.ts';
import { actions } from './usage.ts';
import { unknownAction } from './usage-error.ts';

interface LedgerOptions {
  readonly ledger: string;
  readonly format: LedgerFormat;
}

interface AddOptions extends LedgerOptions {
  readonly url: string;
  readonly release: string | undefined;
  readonly limit: string[];
}

export const ledgerCommand: Command<object> = (io) => ({
  command: 'ledger <action>',
  describe: 'List known upstream discs, check a file against them, or add one',
  builder: (parser) =>
    parser
      .option('ledger', ledgerOption)
      .usage(
        `$0 ledger list
$0 ledger show RELEASE
$0 ledger check FILE
$0 ledger add URL

Upstream publishes no checksums for its discs. The ledger collects those that packages and build
recipes pin: "confirmed" if independent sources agree, "single" if only one is known.

A source is the name of the server that sends the bytes, after redirects. All names of this
machine are one server, and a file on disk confirms nothing. pvdisc cannot detect two names of the
same remote server: make sure that a second source is independent.`,
      )
      .command(
        'list',
        'List all releases',
        (list) => list.option('format', formatOption('ledger')),
        (options) => list(options, io),
      )
      .command(
        'show <name>',
        'Show everything recorded about a release',
        (show) =>
          show.option('format', formatOption('ledger')).positional('name', {
            type: 'string',
            demandOption: true,
            describe: 'Release such as 0.1.285-1, or 0.1.285 for all its builds',
          }),
        (options) => show(options, io),
      )
      .command(
        'check <file>',
        'Identify a file; exit with 1 unless it is a known release under its own name',
        (check) =>
          check
            .option('format', formatOption('ledger-check'))
            .positional('file', { type: 'string', demandOption: true, describe: 'An ISO' }),
        (options) => check(options, io),
      )
      .command(
        'add <url>',
        'Download a disc and record its digest, or confirm it from a second server',
        (add) =>
          add
            .option('format', formatOption('ledger-add'))
            .positional('url', {
              type: 'string',
              demandOption: true,
              describe: 'URL of the ISO: https, http or file',
            })
            .option('release', {
              type: 'string',
              requiresArg: true,
              describe: 'RELEASE, such as 0.1.285-1; default: read from the URL',
            })
            .option('limit', {
              ...limitOption,
              describe: `size=NUMBER: allow a disc larger than ${defaultLimits.size}`,
            }),
        (options) => add(options, io),
      )
      .demandCommand(1, unknownAction(actions.ledger)),
  handler: () => {},
});

async function list({ ledger: file, format }: LedgerOptions, io: CommandIo): Promise<void> {
  const known = await readLedger(file);
  print(format, known, () => ledgerTable(known.releases), io);
}

async function show({ ledger: file, format, name }: LedgerOptions & { name: string }, io: CommandIo) {
  const known = await readLedger(file);
  const entries = findRelease(known, name);
  if (entries.length === 0) {
    throw new PipelineError('usage', {
      place: name,
      message: 'the ledger does not have this release',
      hint: 'pvdisc ledger list shows all releases',
    });
  }
  const digests = new Set(entries.map(({ sha256 }) => sha256));
  const mislabelled = known.mislabelled.filter(({ sha256 }) => digests.has(sha256));
  print(format, { releases: entries, mislabelled }, () => ledgerDetails(entries), io);
}

async function check({ ledger: file, format, file: name }: LedgerOptions & { file: string }, io: CommandIo) {
  const known = await readLedger(file);
  const traits = await guarded(name, io.signal, async () => {
    const kind = await pathKind(name);
    if (kind === 'file') return examineFile(resolve(name), name, io.signal);
    throw new PipelineError('input', { place: name, message: pathWords[kind], hint: 'give an ISO on disk' });
  });
  const verdict = checkAgainstLedger(known, traits);
  print(format, verdict, () => verdictText(verdict), io);
  if (verdict.verdict !== 'known') io.exitWith(exitCodes.input);
}

async function add({ ledger: file, format, url, release, limit }: AddOptions, io: CommandIo): Promise<void> {
  const largest = largestDisc(limit);
  await readLedger(file);
  const reporter = openReporter({ quiet: false, json: format === 'json' }, io.process);
  try {
    await scratchRun('ledger', io, new Map(), async (context) => {
      const addition = { url, release, ledger: resolve(file), largest };
      const recorded = await reporter.stage(
        'fetch',
        () => guarded(url, io.signal, () => addToLedger(addition, { ...context, reporter })),
        ({ entry }) => entry.release,
      );
      reporter.close();
      print(format, recorded, () => recordedText(recorded, file), io);
    });
  } finally {
    reporter.close();
  }
}

/** Accepts only the size among the limits of a source, since the disc is not unpacked. */
function largestDisc(limits: readonly string[]): number {
  const other = limits.find((limit) => !limit.startsWith('size='));
  if (other === undefined) return parseLimits(limits).size;
  throw new PipelineError('usage', {
    place: `--limit ${other}`,
    message: 'is not a limit of this command',
    hint: 'use --limit size=NUMBER, in bytes',
  });
}

function print(format: LedgerFormat, value: unknown, text: () => string, { process }: CommandIo): void {
  process.stdout.write(format === 'json' ? jsonText(value) : text());
}
