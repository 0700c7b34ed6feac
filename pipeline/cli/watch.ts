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

/** `pvdisc watch`: whether upstream has a release that is not recorded or not built yet. */
export const watchCommand: Command<WatchOptions> = (io) => ({
  command: 'watch',
  describe: 'Tell whether upstream has a release that is not in the ledger or not built yet',
  builder: (parser) =>
    parser
      .usage(
        `$0 watch

Reads upstream's list of releases (the "source" of the ledger) and compares it with the ledger and with what is built.
Exit code 0: nothing new; 10: there is a newer release, which is named; 1 or 4 when the list is none or cannot be had.`,
      )
      .option('source', {
        type: 'string',
        requiresArg: true,
        describe: "URL of another list: a web server's index of a folder, HTML or JSON",
      })
      .option('ledger', ledgerOption)
      .option('built', {
        type: 'string',
        requiresArg: true,
        describe: 'DIR: the folder of built releases, such as dist; what it lacks is told too',
      })
      .option('format', formatOption('watch'))
      .example('$0 watch --built dist || test $? = 10', 'A CI job that goes on when there is news'),
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
      message: 'does not say where upstream lists its releases',
      hint: 'add "source: URL" to it, or give --source URL',
    });
  }
  const { error } = addressField.safeParse(source);
  if (error === undefined) return source;
  throw new PipelineError('usage', {
    place: `--source ${source}`,
    message: error.issues[0]?.message ?? 'is no address',
    hint: 'such as https://example.org/archive-virtio/',
  });
}
