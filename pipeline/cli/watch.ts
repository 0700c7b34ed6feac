import { exitCodes, PipelineError } from '../core/errors.ts';
import { builtReleases, compareReleases, listReleases } from '../ledger/watch.ts';
import { readLedger } from '../manifest/ledger.ts';
import { addressField } from '../manifest/ledger-schema.ts';
import type { Command, CommandIo } from './command.ts';
import { formatOption, ledgerOption } from './options.ts';
import { jsonText } from './report/json-text.ts';
import { watchText } from './report/watch.ts';
import { scratchRun } from './scratch-run.ts';

interface WatchOptions {
  readonly source: string | undefined;
  readonly ledger: string;
  readonly built: string | undefined;
  readonly format: 'text' | 'json';
}

export const watchCommand: Command<WatchOptions> = (io) => ({
  command: 'watch',
  describe: 'Check for upstream releases that are not in the ledger or not built yet',
  builder: (parser) =>
    parser
      .usage(
        `$0 watch

Compares upstream's list of releases (the "source" of the ledger) with the ledger and with the
built releases. Exits with 0 if there is nothing new, 10 if there is a newer release, 1 if the
list is invalid, 4 if the download fails.`,
      )
      .option('source', {
        type: 'string',
        requiresArg: true,
        describe: 'URL of another list: the folder index of a web server, in HTML or JSON',
      })
      .option('ledger', ledgerOption)
      .option('built', {
        type: 'string',
        requiresArg: true,
        describe: 'DIR: folder of built releases, such as dist; also report what it lacks',
      })
      .option('format', formatOption('watch'))
      .example(
        '$0 watch --built dist || test $? = 10',
        'In a CI job that continues if there is a new release',
      ),
  handler: (options) => runWatch(options, io),
});

async function runWatch(options: WatchOptions, io: CommandIo): Promise<void> {
  const ledger = await readLedger(options.ledger);
  const source = requireSource(options.source ?? ledger.source, options);
  const built = options.built === undefined ? undefined : await builtReleases(options.built);
  await scratchRun('watch', io, new Map(), async (context) => {
    const listed = await listReleases(source, context);
    const watched = compareReleases(ledger, { source, listed, built });
    io.process.stdout.write(options.format === 'json' ? jsonText(watched) : watchText(watched));
    if (watched.news) io.exitWith(exitCodes.news);
  });
}

function requireSource(source: string | undefined, { ledger }: WatchOptions): string {
  if (source === undefined) {
    throw new PipelineError('usage', {
      place: ledger,
      message: 'does not name the list of upstream releases',
      hint: 'add "source: URL" to it, or use --source URL',
    });
  }
  const { error } = addressField.safeParse(source);
  if (error === undefined) return source;
  throw new PipelineError('usage', {
    place: `--source ${source}`,
    message: error.issues[0]?.message ?? 'is not a URL',
    hint: 'for example --source https://example.org/archive-virtio/',
  });
}
