import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { recordName, sumsName } from '../attest/document-names.ts';
import type { BuildContext } from '../core/context.ts';
import { defaultLimits, startBudget } from '../core/limits.ts';
import { parseJson } from '../core/parse-json.ts';
import { quoted, refusal, type Subject } from '../core/refusal.ts';
import { parseReleaseSums } from '../formats/sums.ts';
import { readTar } from '../formats/tar/read.ts';
import { recordSchema } from '../model/record.ts';
import type { BuiltRelease } from '../model/release.ts';
import { withFolders } from '../package/contents.ts';
import { tarStream } from '../package/tar.ts';
import { hashFile, openFile, writeHashed } from '../system/files.ts';
import { type ResultStore, removeHint } from './store.ts';

type StoreContext = Pick<BuildContext, 'outputDir' | 'workDir' | 'signal' | 'reporter'>;

/** Takes a release from a store if its key is there; builds it and puts it there otherwise. */
export async function storedOrBuilt(
  store: ResultStore,
  key: string,
  context: StoreContext,
  build: () => Promise<BuiltRelease>,
): Promise<BuiltRelease> {
  const { outputDir, workDir, signal, reporter } = context;
  const file = join(workDir, `${key}.tar`);
  try {
    if (await store.get(key, file, signal)) {
      const release = await unpack(file, key, context);
      reporter.note(`taken from the store, not built: ${key}`);
      return release;
    }
    const release = await build();
    await packFolder(outputDir, file, signal);
    await store.put(key, file, signal);
    return release;
  } finally {
    await rm(file, { force: true });
  }
}

async function packFolder(folder: string, to: string, signal: AbortSignal): Promise<void> {
  const entries = [];
  for (const name of await readdir(folder)) {
    const { file, sha256, size } = await hashFile(join(folder, name), signal);
    entries.push({ kind: 'file', path: name, mode: 0o644, size, content: { file, sha256 } } as const);
  }
  await writeHashed(to, tarStream(withFolders(entries), { epoch: 0, signal }).bytes, signal);
}

/** Writes the files of a stored release to the output folder, and checks them against their sums. */
async function unpack(file: string, key: string, { outputDir, signal }: StoreContext): Promise<BuiltRelease> {
  const subject = { place: 'store', name: key };
  const budget = startBudget(subject, defaultLimits);
  const digests = new Map<string, string>();
  const bytes = (await openFile(file)).createReadStream({ highWaterMark: 2 ** 20 });
  await readTar(bytes, { subject, limits: defaultLimits, budget, signal }, async (entry, chunks) => {
    if (entry.isRoot) return;
    budget.countEntry();
    const { path, kind } = entry;
    if (kind !== 'file' || path.includes('/') || path.startsWith('.'))
      throw refusal(subject, `its entry ${quoted(path)} is not a file of a release`, removeHint);
    digests.set(path, (await writeHashed(join(outputDir, path), chunks, signal)).sha256);
  });
  return checked(outputDir, digests, subject);
}

async function checked(
  folder: string,
  digests: ReadonlyMap<string, string>,
  subject: Subject,
): Promise<BuiltRelease> {
  const text = (name: string) => (digests.has(name) ? readFile(join(folder, name), 'utf8') : '');
  const sums = parseReleaseSums(await text(sumsName), `${subject.name}/${sumsName}`);
  const changed = sums.find(({ name, sha256 }) => digests.get(name) !== sha256);
  if (changed !== undefined)
    throw refusal(subject, `${changed.name} is not what ${sumsName} says`, removeHint);
  const record = recordSchema.safeParse(parseJson(await text(recordName)));
  if (!record.success) throw refusal(subject, `holds no ${recordName} of a release`, removeHint);
  return {
    record: record.data,
    files: [...digests.keys()].filter((name) => name !== sumsName).concat(sumsName),
  };
}
