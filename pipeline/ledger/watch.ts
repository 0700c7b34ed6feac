import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { RunContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { quoted } from '../core/refusal.ts';
import { webPageTitle } from '../formats/magic.ts';
import type { Ledger } from '../manifest/ledger-schema.ts';
import { fetchText } from '../sources/fetch/fetch-text.ts';
import { exists } from '../system/files.ts';
import { byRelease } from './release-order.ts';

/** Shape of what `pvdisc watch --format json` prints; keys are only ever added, `schemaVersion` counts other changes. */
export const watchSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    source: z
      .string()
      .describe("Where upstream lists its releases, the ledger's unless --source names another"),
    newest: z.strictObject({
      listed: z.string().describe('Newest release that upstream lists'),
      recorded: z.string().optional().describe('Newest release of the ledger'),
      built: z.string().optional().describe('Newest release that is built, where --built names a folder'),
    }),
    unrecorded: z.array(z.string()).describe('Listed and newer than any of the ledger, the newest first'),
    unbuilt: z
      .array(z.string())
      .describe(
        'Recorded, listed and newer than any that is built, the newest first; the newest alone where none is; empty without --built',
      ),
    news: z.boolean().describe('Whether there is something to do; the exit code is 10 then'),
  })
  .meta({ id: 'watch', title: 'What pvdisc watch prints with --format json' });

export type WatchResult = z.output<typeof watchSchema>;

/** What upstream lists, and what is built where that is asked. */
interface Known {
  readonly source: string;
  readonly listed: readonly string[];
  readonly built: readonly string[] | undefined;
}

/** Compares what upstream lists with the ledger and with what is built; releases older than those that are known are no news. */
export function compareReleases({ releases }: Ledger, { source, listed, built }: Known): WatchResult {
  const recorded = releases.map(({ release }) => release);
  const newer = (than: readonly string[]) => {
    const newest = newestOf(than);
    return listed.filter((release) => newest === undefined || byRelease(release, newest) > 0);
  };
  const unrecorded = newer(recorded);
  const known = listed.filter((release) => recorded.includes(release));
  const unbuilt =
    built?.length === 0
      ? [newestOf(known) ?? []].flat()
      : known.filter((release) => newer(built ?? known).includes(release));
  const [newestRecorded, newestBuilt] = [newestOf(recorded), newestOf(built ?? [])];
  return {
    schemaVersion: 1,
    source,
    newest: {
      listed: newestOf(listed) ?? '',
      ...(newestRecorded !== undefined && { recorded: newestRecorded }),
      ...(newestBuilt !== undefined && { built: newestBuilt }),
    },
    unrecorded: unrecorded.toSorted(byRelease).reverse(),
    unbuilt: unbuilt.toSorted(byRelease).reverse(),
    news: unrecorded.length > 0 || unbuilt.length > 0,
  };
}

function newestOf(releases: readonly string[]): string | undefined {
  return releases.toSorted(byRelease).at(-1);
}

const builtRecord = z.object({ upstream: z.object({ release: z.string() }).optional() });

/** 64 MiB: the record of the largest disc has some 2. */
const maxRecordBytes = 2 ** 26;

/** Returns the upstream releases that are built in a folder such as `dist`, by the records of its releases; none where the folder is not there yet. */
export async function builtReleases(folder: string): Promise<string[]> {
  if (!(await exists(folder))) return [];
  const built: string[] = [];
  for (const name of (await readdir(folder)).filter((entry) => !entry.startsWith('.'))) {
    const file = join(folder, name, 'release.json');
    if (await exists(file)) built.push(...(await upstreamOf(file)));
  }
  return built;
}

async function upstreamOf(file: string): Promise<string[]> {
  try {
    if ((await stat(file)).size > maxRecordBytes) throw new Error(`has more than ${maxRecordBytes} bytes`);
    const { upstream } = builtRecord.parse(JSON.parse(await readFile(file, 'utf8')));
    return upstream === undefined ? [] : [upstream.release];
  } catch (error) {
    throw new PipelineError('input', {
      place: file,
      message: `is no record of a build: ${(error as Error).message}`,
      hint: 'build the release again, or name another folder with --built',
    });
  }
}

/** Far above any list of folders: upstream's has some 100 lines. */
const maxBytes = 4 * 2 ** 20;

/**
 * Returns the releases that a web server's list of a folder names, the newest first: an HTML index (Apache, nginx) with
 * links to `virtio-win-<release>/`, or JSON with such names, be they in an array or in objects with a `name` (nginx `autoindex_format json`).
 */
export async function listReleases(url: string, context: RunContext): Promise<string[]> {
  const text = await fetchText(url, maxBytes, context);
  const names = /^\s*[[{]/.test(text) ? namesInJson(text, url) : linksInHtml(text);
  const releases = names.flatMap(
    (name) => /^virtio-win-((?:\d{1,9}\.){2}\d{1,9}-\d{1,9})\/?$/.exec(name)?.[1] ?? [],
  );
  if (releases.length === 0) throw noRelease(url, text);
  return [...new Set(releases)].sort(byRelease).reverse();
}

function linksInHtml(text: string): string[] {
  return [...text.matchAll(/\shref=["']?([^"'\s>]{1,500})/gi)].map(
    ([, link = '']) => link.replace(/\/$/, '').split('/').at(-1) ?? '',
  );
}

function namesInJson(text: string, url: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new PipelineError('input', {
      place: url,
      message: `begins as JSON and is none: ${(error as Error).message}`,
      hint: 'name the list of releases itself',
    });
  }
  const entries: unknown[] = Array.isArray(value) ? value : [];
  return entries.flatMap((entry) => {
    const name: unknown = typeof entry === 'object' && entry !== null && 'name' in entry ? entry.name : entry;
    return typeof name === 'string' ? [name] : [];
  });
}

/** A bot check or a login page names no release, and must not pass for "nothing new". */
function noRelease(url: string, text: string): PipelineError {
  const title = webPageTitle(Buffer.from(text));
  const page = title === undefined ? '' : `; it is a web page with the title ${quoted(title)}`;
  return new PipelineError('input', {
    place: url,
    message: `names no release (virtio-win-<version>-<build>/)${page}`,
    hint: 'look at it with a browser; --source names another list',
  });
}
