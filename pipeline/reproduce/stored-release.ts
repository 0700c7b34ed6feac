import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { recordName, sumsName } from '../attest/document-names.ts';
import type { BuildContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { defaultLimits, startBudget } from '../core/limits.ts';
import { byCodeUnit } from '../core/order.ts';
import { parseJson } from '../core/parse-json.ts';
import { quoted, refusal, type Subject } from '../core/refusal.ts';
import { parseReleaseSums } from '../formats/sums.ts';
import { readTar } from '../formats/tar/read.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type ReleaseRecord, recordSchema } from '../model/record.ts';
import type { BuiltRelease } from '../model/release.ts';
import { withFolders } from '../package/contents.ts';
import { tarStream } from '../package/tar.ts';
import { hashFile, openFile, writeHashed } from '../system/files.ts';
import type { ResultStore } from './store.ts';

type StoreContext = Pick<BuildContext, 'outputDir' | 'workDir' | 'signal' | 'reporter'>;

/** What a store is asked for: the key of a build and the release that it makes. */
interface Wanted {
  readonly key: string;
  readonly release: Manifest['release'];
}

/** A release, and why it is not in the store if it could not be put there. */
interface StoredRelease {
  readonly built: BuiltRelease;
  readonly failure?: unknown;
}

/** Takes a release from a store if its key is there and the result is whole; builds it and puts it there otherwise. */
export async function storedOrBuilt(
  store: ResultStore,
  wanted: Wanted,
  context: StoreContext,
  build: () => Promise<BuiltRelease>,
): Promise<StoredRelease> {
  const { outputDir, workDir, signal } = context;
  const { key } = wanted;
  const file = join(workDir, `${key}.tar`);
  try {
    if (await store.get(key, file, signal)) {
      const taken = await takeFrom(file, store.place(key), wanted, context);
      if (taken !== undefined) return { built: taken };
      await rm(file);
    }
    const built = await build();
    await packFolder(outputDir, { key, file, signal });
    const failure = await store.put(key, file, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      return error;
    });
    return { built, failure };
  } finally {
    await rm(file, { force: true });
  }
}

/** Returns the release in a result; undefined, with a note and an empty output folder, if the result cannot be used. */
async function takeFrom(
  file: string,
  place: string,
  wanted: Wanted,
  context: StoreContext,
): Promise<BuiltRelease | undefined> {
  const { outputDir, reporter } = context;
  try {
    const release = await unpack(file, { place: 'store', name: place }, wanted, context);
    reporter.note(`taken from the store, not built: ${wanted.key}`);
    return release;
  } catch (error) {
    if (!(error instanceof PipelineError) || error.kind !== 'input') throw error;
    for (const { message } of error.problems)
      reporter.note(`built again, and replaced in the store: ${message}`);
    for (const name of await readdir(outputDir)) await rm(join(outputDir, name));
    return undefined;
  }
}

/** The key is the folder of all files, so that a result under another key is noticed. */
async function packFolder(
  folder: string,
  { key, file: to, signal }: { readonly key: string; readonly file: string; readonly signal: AbortSignal },
): Promise<void> {
  const entries = [];
  for (const name of await readdir(folder)) {
    const { file, sha256, size } = await hashFile(join(folder, name), signal);
    entries.push({
      kind: 'file',
      path: `${key}/${name}`,
      mode: 0o644,
      size,
      content: { file, sha256 },
    } as const);
  }
  await writeHashed(to, tarStream(withFolders(entries), { epoch: 0, signal }).bytes, signal);
}

/** Writes the files of a result to the output folder, and checks them. */
async function unpack(
  file: string,
  subject: Subject,
  { key, release }: Wanted,
  { outputDir, signal }: StoreContext,
): Promise<BuiltRelease> {
  const budget = startBudget(subject, defaultLimits);
  const digests = new Map<string, string>();
  const bytes = (await openFile(file)).createReadStream({ highWaterMark: 2 ** 20 });
  await readTar(bytes, { subject, limits: defaultLimits, budget, signal }, async (entry, chunks) => {
    if (entry.isRoot) return;
    budget.countEntry();
    const { path, kind } = entry;
    if (kind === 'folder' && path === key) return;
    const name = path.slice(key.length + 1);
    if (!path.startsWith(`${key}/`)) throw refusal(subject, `its entry ${quoted(path)} is of another key`);
    if (kind !== 'file' || name.includes('/') || name.startsWith('.') || digests.has(name))
      throw refusal(subject, `its entry ${quoted(path)} is not a file of a release`);
    digests.set(name, (await writeHashed(join(outputDir, name), chunks, signal)).sha256);
  });
  return checked(outputDir, digests, subject, release);
}

async function checked(
  folder: string,
  digests: ReadonlyMap<string, string>,
  subject: Subject,
  release: Manifest['release'],
): Promise<BuiltRelease> {
  const text = (name: string) => (digests.has(name) ? readFile(join(folder, name), 'utf8') : '');
  const sums = parseReleaseSums(await text(sumsName), `${subject.name}/${sumsName}`);
  const changed = sums.find(({ name, sha256 }) => digests.get(name) !== sha256);
  if (changed !== undefined) throw refusal(subject, `${changed.name} is not what ${sumsName} says`);
  const record = recordSchema.safeParse(parseJson(await text(recordName)));
  if (!record.success) throw refusal(subject, `holds no ${recordName} of a release`);
  const found = described(
    record.data,
    record.data.artifacts.map(({ format }) => format),
  );
  const expected = described(release, release.package.formats);
  if (found !== expected) throw refusal(subject, `holds ${found}, expected ${expected}`);
  return {
    record: record.data,
    files: [...digests.keys()].filter((name) => name !== sumsName).concat(sumsName),
  };
}

function described(
  { name, version, profile }: Pick<ReleaseRecord, 'name' | 'version' | 'profile'>,
  formats: readonly string[],
): string {
  return `${name} ${version} (${profile}; ${[...new Set(formats)].sort(byCodeUnit).join(', ')})`;
}
