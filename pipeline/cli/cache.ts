import { join } from 'node:path';
import prettyBytes from 'pretty-bytes';
import { PipelineError } from '../core/errors.ts';
import { plural, printable } from '../core/text.ts';
import { readOrigin } from '../sources/fetch/partial.ts';
import { type CacheItem, listCache, removeItem } from '../system/cache.ts';
import type { Command, CommandIo } from './command.ts';
import { formatOption } from './options.ts';
import { cacheReports } from './report/cache.ts';
import { cacheDir } from './run-context.ts';
import { actions } from './usage.ts';
import { unknownAction } from './usage-error.ts';

interface CacheOptions {
  readonly format: keyof typeof cacheReports;
}

interface PruneOptions extends CacheOptions {
  readonly olderThan: string | undefined;
  readonly all: boolean;
}

export const cacheCommand: Command<object> = (io) => ({
  command: 'cache <action>',
  describe: 'List or remove downloads that are kept for the next build',
  builder: (parser) =>
    parser
      .usage(
        `$0 cache list
$0 cache prune --older-than AGE | --all

The cache stores files by digest and checks them at every use. It keeps interrupted downloads to
resume them. It is the folder named by PVDISC_CACHE, or the user's cache folder.`,
      )
      .command(
        'list',
        'List the cache with sizes and dates of last use',
        (list) => list.option('format', formatOption('cache')),
        (options) => list(options, io),
      )
      .command(
        'prune',
        'Remove items from the cache',
        (prune) =>
          prune
            .option('older-than', {
              type: 'string',
              requiresArg: true,
              describe: 'AGE: remove items not used for this long, such as 12h, 30d or 2w',
            })
            .option('all', { type: 'boolean', default: false, describe: 'Remove everything' })
            .option('format', formatOption('cache')),
        (options) => prune(options, io),
      )
      .demandCommand(1, unknownAction(actions.cache)),
  handler: () => {},
});

async function list(options: CacheOptions, { process }: CommandIo): Promise<void> {
  const folder = cacheDir(process.env);
  const items = await Promise.all(
    (await listCache(folder)).map(async (item) => {
      const origin = item.kind === 'partial' ? await readOrigin(join(folder, item.path)) : undefined;
      return { ...item, ...(origin !== undefined && { origin: origin.url }) };
    }),
  );
  process.stdout.write(cacheReports[options.format]({ folder, items }));
}

async function prune({ olderThan, all, format: name }: PruneOptions, { process }: CommandIo): Promise<void> {
  const limit = Date.now() - ageOf(olderThan, all);
  const folder = cacheDir(process.env);
  const removed: CacheItem[] = [];
  const busy: CacheItem[] = [];
  for (const item of await listCache(folder)) {
    if (!all && item.used.getTime() > limit) continue;
    ((await removeItem(folder, item)) ? removed : busy).push(item);
  }
  if (name === 'json') {
    process.stdout.write(cacheReports.json({ folder, items: removed }));
    return;
  }
  const freed = removed.reduce((sum, { size }) => sum + size, 0);
  process.stdout.write(
    `removed ${plural(removed.length, 'item')} from ${printable(folder)}, ${prettyBytes(freed)}\n`,
  );
  for (const { path } of busy) process.stdout.write(`kept ${path}: another run is downloading it\n`);
}

const units = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** Parses `--older-than` into milliseconds; 0 for `--all`. */
function ageOf(olderThan: string | undefined, all: boolean): number {
  if (all === (olderThan !== undefined)) {
    throw new PipelineError('usage', {
      place: 'pvdisc cache prune',
      message: all ? '--all and --older-than exclude each other' : 'neither --older-than nor --all is given',
      hint: 'add one of them, such as --older-than 30d',
    });
  }
  if (olderThan === undefined) return 0;
  const [, count, unit] = /^(\d{1,6})([hdw])$/.exec(olderThan) ?? [];
  if (count !== undefined) return Number(count) * units[unit as keyof typeof units];
  throw new PipelineError('usage', {
    place: `--older-than ${olderThan}`,
    message: 'is not an age',
    hint: 'use hours, days or weeks, such as 12h, 30d or 2w',
  });
}
