import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { RunContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { quoted } from '../core/refusal.ts';
import { webPageTitle } from '../formats/magic.ts';
import type { Ledger } from '../manifest/ledger-schema.ts';
import { fetchText } from '../sources/fetch/fetch-text.ts';
import { exists } from '../system/files.ts';
import { byRelease } from './release-order.ts';

/** JSON output of `pvdisc watch --format json`. It stays compatible: keys are only added, other changes increment `schemaVersion`. */
export const watchSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    source: z.string().describe('URL of the list of releases: from --source, or from the ledger'),
    newest: z.strictObject({
      listed: z.string().describe('Newest release in the list of upstream'),
      recorded: z.string().optional().describe('Newest release in the ledger'),
      built: z.string().optional().describe('Newest built release, with --built'),
    }),
    unrecorded: z.array(z.string()).describe('Listed releases newer than all in the ledger, newest first'),
    unbuilt: z
      .array(z.string())
      .describe(
        'Recorded and listed releases newer than all built ones, newest first; only the newest if none is built; empty without --built',
      ),
    news: z.boolean().describe('Whether a release is unrecorded or unbuilt; the exit code is then 10'),
  })
  .meta({ id: 'watch', title: 'Output of pvdisc watch with --format json' });

export type WatchResult = z.output<typeof watchSchema>;

interface Known {
  readonly source: string;
  readonly listed: readonly string[];
  readonly built: readonly string[] | undefined;
}

/** Compares upstream's list with the ledger and the built releases; only releases newer than the known ones are news. */
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

/** 64 MiB; the record of the largest disc has about 2 MiB. */
const maxRecordBytes = 2 ** 26;

/** Returns the upstream releases built in a folder such as `dist`, according to their records; none if the folder does not exist. */
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
      message: `is not the record of a build: ${(error as Error).message}`,
      hint: 'build the release again, or use another folder with --built',
    });
  }
}

/** Far more than upstream's list, which has about 100 lines. */
const maxBytes = 4 * 2 ** 20;

/**
 * Downloads the folder index of a web server and returns its releases, newest first. Reads HTML (Apache, nginx) with links to
 * `virtio-win-<release>/`, and JSON with an array of such names or of objects with a `name` (nginx `autoindex_format json`).
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
      message: `is not valid JSON: ${(error as Error).message}`,
      hint: 'give the URL of the list of releases',
    });
  }
  const entries: unknown[] = Array.isArray(value) ? value : [];
  return entries.flatMap((entry) => {
    const name: unknown = typeof entry === 'object' && entry !== null && 'name' in entry ? entry.name : entry;
    return typeof name === 'string' ? [name] : [];
  });
}

/** A bot check or a login page names no release and must not be reported as "nothing new". */
function noRelease(url: string, text: string): PipelineError {
  const title = webPageTitle(Buffer.from(text));
  const page = title === undefined ? '' : `; it is a web page with the title ${quoted(title)}`;
  return new PipelineError('input', {
    place: url,
    message: `names no release (virtio-win-<version>-<build>/)${page}`,
    hint: 'open it in a browser; --source uses another list',
  });
}
