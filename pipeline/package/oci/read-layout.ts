import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { RunContext } from '../../core/context.ts';
import { type Limits, startBudget } from '../../core/limits.ts';
import { quoted, refusal, type Subject } from '../../core/refusal.ts';
import { layoutPageName } from '../../formats/oci/image.ts';
import { readTar, type TarEntry } from '../../formats/tar/read.ts';
import { hashStream, listFiles, openFile } from '../../system/files.ts';
import { pathKind } from '../../system/path-kind.ts';

/** A file of an image layout: a small document with its text, or a layer with its entries. */
export interface LayoutFile {
  readonly sha256: string;
  readonly size: number;
  readonly text?: string;
  readonly layer?: readonly LayerEntry[];
}

/** An entry of a layer, with the digest of a file. */
export type LayerEntry = Pick<TarEntry, 'path' | 'kind' | 'mode' | 'owner' | 'size'> & {
  readonly sha256?: string;
};

interface Reading {
  readonly subject: Subject;
  readonly limits: Limits;
}

/** Reads all files of an image layout once, from its folder, which may have a page for people, or from a tar of it, by path. */
export async function readLayout(
  path: string,
  reading: Reading,
  { signal, reporter }: Pick<RunContext, 'signal' | 'reporter'>,
): Promise<ReadonlyMap<string, LayoutFile>> {
  const { subject, limits } = reading;
  const files = new Map<string, LayoutFile>();
  const take = async (name: string, chunks: AsyncIterable<Buffer>) => {
    if (files.has(name)) throw refusal(subject, `holds ${quoted(name)} twice`);
    files.set(name, await readFileOf(chunks, reading, signal));
    reporter.progress({ files: files.size, item: 'verify' });
  };
  if ((await pathKind(path)) === 'folder') {
    for (const { path: name } of await listFiles(path)) {
      if (name === layoutPageName) continue;
      await take(
        name,
        (await openFile(join(path, name))).createReadStream({ highWaterMark: 2 ** 20, signal }),
      );
    }
    return files;
  }
  const bytes = (await openFile(path)).createReadStream({ highWaterMark: 2 ** 20 });
  const budget = startBudget(subject, limits);
  await readTar(bytes, { subject, limits, budget, signal }, async ({ path: name, kind }, chunks) => {
    budget.countEntry();
    if (kind === 'folder') return;
    if (kind !== 'file') throw refusal(subject, `its entry ${quoted(name)} is a ${kind}`);
    await take(name, chunks);
  });
  return files;
}

/** Far more than the index of a layout with 1,000 releases. */
const mostTextBytes = 2 ** 22;

/** A JSON document begins with a brace, a tar with the name of its first entry. */
async function readFileOf(
  chunks: AsyncIterable<Buffer>,
  reading: Reading,
  signal: AbortSignal,
): Promise<LayoutFile> {
  const hash = createHash('sha256');
  const kept: Buffer[] = [];
  let size = 0;
  const counting = async function* () {
    for await (const chunk of chunks) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  };
  const iterator = counting();
  const first = await iterator.next();
  if (!first.done && first.value[0] !== brace) {
    const layer = await readLayer(Readable.from(withFirst(first.value, iterator)), reading, signal);
    return { sha256: hash.digest('hex'), size, layer };
  }
  for await (const chunk of withFirst(first.value ?? Buffer.alloc(0), iterator)) {
    if (size > mostTextBytes)
      throw refusal(reading.subject, `has a document of more than ${mostTextBytes} bytes`);
    kept.push(Buffer.from(chunk));
  }
  return { sha256: hash.digest('hex'), size, text: Buffer.concat(kept).toString('utf8') };
}

const brace = 0x7b;

async function* withFirst(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

async function readLayer(
  bytes: Readable,
  { subject, limits }: Reading,
  signal: AbortSignal,
): Promise<LayerEntry[]> {
  const entries: LayerEntry[] = [];
  const budget = startBudget(subject, limits);
  await readTar(bytes, { subject, limits, budget, signal }, async (entry, chunks) => {
    budget.countEntry();
    const { path, kind, mode, owner, size } = entry;
    const sha256 = kind === 'file' ? (await hashStream(chunks)).sha256 : undefined;
    entries.push({ path, kind, mode, owner, size, ...(sha256 !== undefined && { sha256 }) });
  });
  return entries;
}
