import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { withDeadline } from '../core/deadline.ts';
import type { Limits } from '../core/limits.ts';
import { refusal, type Subject } from '../core/refusal.ts';
import { readDebTar } from '../formats/deb/read-tar.ts';
import type { RpmFacts } from '../formats/rpm/index.ts';
import type { TarEntry } from '../formats/tar/read.ts';
import {
  type Carving,
  carvePayload,
  carveTar,
  type PackedTar,
  withPackedTar,
} from '../sources/archive/package-tar.ts';

/** A file of a package; `text` is set if requested. */
export interface PackagedFile {
  readonly md5: string;
  readonly sha256: string;
  readonly size: number;
  readonly text?: string;
}

/**
 * Installed files and control files of a package, including hard links, by path without a leading slash, and the headers of all
 * entries.
 */
export interface DebFiles {
  readonly data: ReadonlyMap<string, PackagedFile>;
  readonly control: ReadonlyMap<string, PackagedFile>;
  readonly dataEntries: readonly TarEntry[];
  readonly controlEntries: readonly TarEntry[];
}

/** Reads a package's files without writing them to disk; keeps the text of files selected by `isText`. */
export async function readPackagedFiles(
  file: string,
  subject: Subject,
  limits: Limits,
  isText: (path: string) => boolean,
  context: RunContext,
): Promise<DebFiles> {
  const read = async (which: 'data' | 'control') =>
    inScratch(subject, limits, context, (carving, inTime) =>
      carveTar(file, which, carving).then((tar) => readTar(tar, subject, limits, isText, inTime)),
    );
  const control = await read('control');
  const data = await read('data');
  return {
    control: control.files,
    data: data.files,
    controlEntries: control.entries,
    dataEntries: data.entries,
  };
}

/** Files of an archive in a package, including hard links, by path, and the headers of all entries. */
export interface PackedFiles {
  readonly files: ReadonlyMap<string, PackagedFile>;
  readonly entries: readonly TarEntry[];
}

/** Reads the payload of an RPM package in the same way. */
export function readRpmFiles(
  file: string,
  facts: Pick<RpmFacts, 'payload'>,
  subject: Subject,
  limits: Limits,
  isText: (path: string) => boolean,
  context: RunContext,
): Promise<PackedFiles> {
  return inScratch(subject, limits, context, (carving, inTime) =>
    carvePayload(file, facts, carving).then((tar) => readTar(tar, subject, limits, isText, inTime)),
  );
}

function inScratch<Result>(
  subject: Subject,
  limits: Limits,
  context: RunContext,
  work: (carving: Carving, inTime: RunContext) => Promise<Result>,
): Promise<Result> {
  return withDeadline(subject, limits, context, async (inTime) => {
    const folder = await mkdtemp(join(context.workDir, 'package-'));
    try {
      return await work({ subject, folder, signal: inTime.signal }, inTime);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function readTar(
  tar: PackedTar,
  subject: Subject,
  limits: Limits,
  isText: (path: string) => boolean,
  { signal, reporter }: RunContext,
): Promise<PackedFiles> {
  const files = new Map<string, PackagedFile>();
  let entries: TarEntry[] = [];
  const reading = { subject, limits, packedBytes: tar.size, signal, asDpkg: tar.archive === 'tar' };
  await withPackedTar(tar, { subject, signal }, async (stream) => {
    entries = await readDebTar(stream, reading, async ({ path, kind, target = '' }, chunks) => {
      if (kind === 'folder') return;
      const linked = kind === 'hard link' ? files.get(target) : undefined;
      if (kind !== 'file' && linked === undefined)
        throw refusal(subject, `${path}: ${kind}, which packages of pvdisc do not contain`);
      files.set(path, linked ?? (await digested(chunks, isText(path) ? subject : undefined)));
      reporter.progress({ files: files.size, item: subject.name });
    });
  });
  return { files, entries };
}

/** Far more than the sums of a package with 20,000 files. */
const mostTextBytes = 2 ** 24;

async function digested(chunks: AsyncIterable<Buffer>, keepFor: Subject | undefined): Promise<PackagedFile> {
  const [md5, sha256] = [createHash('md5'), createHash('sha256')];
  const kept: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    md5.update(chunk);
    sha256.update(chunk);
    size += chunk.length;
    if (keepFor === undefined) continue;
    if (size > mostTextBytes) throw refusal(keepFor, `has a text of more than ${mostTextBytes} bytes`);
    kept.push(Buffer.from(chunk));
  }
  return {
    md5: md5.digest('hex'),
    sha256: sha256.digest('hex'),
    size,
    ...(keepFor !== undefined && { text: Buffer.concat(kept).toString('utf8') }),
  };
}
