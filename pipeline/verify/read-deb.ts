import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Header } from 'tar-stream';
import type { RunContext } from '../core/context.ts';
import { withDeadline } from '../core/deadline.ts';
import type { Limits } from '../core/limits.ts';
import { refusal, type Subject } from '../core/refusal.ts';
import { carveTar } from '../sources/archive/deb-tar.ts';
import { withTarStream } from '../sources/archive/decompress.ts';
import { startExtraction } from '../sources/archive/extraction.ts';
import { hardLink, unpackTar } from '../sources/archive/tar.ts';

/** A file of a package; `text` is set if requested. */
export interface PackagedFile {
  readonly md5: string;
  readonly sha256: string;
  readonly size: number;
  readonly text?: string;
}

/** Header of a tar entry; the path of the root is empty. */
export interface EntryFacts {
  readonly path: string;
  readonly isFolder: boolean;
  /** Permissions and the bits above them. */
  readonly mode: number;
  /** Such as `0:0 root:root`; dpkg prefers names to ids. */
  readonly owner: string;
}

/**
 * Installed files and control files of a package, including hard links, by path without a leading slash, and the headers of all
 * entries.
 */
export interface DebFiles {
  readonly data: ReadonlyMap<string, PackagedFile>;
  readonly control: ReadonlyMap<string, PackagedFile>;
  readonly dataEntries: readonly EntryFacts[];
  readonly controlEntries: readonly EntryFacts[];
}

/** Reads a package without writing files to disk; keeps the text of files selected by `isText`. */
export async function readDeb(
  file: string,
  subject: Subject,
  limits: Limits,
  isText: (path: string) => boolean,
  context: RunContext,
): Promise<DebFiles> {
  const read = async (which: 'data' | 'control') =>
    withDeadline(subject, limits, context, (inTime) => readTar(file, which, subject, limits, isText, inTime));
  const control = await read('control');
  const data = await read('data');
  return {
    control: control.files,
    data: data.files,
    controlEntries: control.entries,
    dataEntries: data.entries,
  };
}

async function readTar(
  file: string,
  which: 'data' | 'control',
  subject: Subject,
  limits: Limits,
  isText: (path: string) => boolean,
  context: RunContext,
): Promise<{ files: Map<string, PackagedFile>; entries: EntryFacts[] }> {
  const scratch = await mkdtemp(join(context.workDir, 'deb-'));
  try {
    const tar = await carveTar(file, which, { subject, folder: scratch, signal: context.signal });
    const files = new Map<string, PackagedFile>();
    const entries: EntryFacts[] = [];
    const request = { id: 'verify', place: 'verify', baseDir: '.', scratch, skip: () => false, limits };
    const base = startExtraction({ subject, packedBytes: tar.size }, request, context);
    const reading = {
      ...base,
      asDpkg: true,
      onHeader: (path: string, header: Header) => void entries.push(factsOf(path, header)),
      addFile: (path: string) => {
        base.addFile(path);
        return path;
      },
      addSpecial: (path: string, what: string, target?: string) => {
        const linked = what === hardLink ? files.get(target ?? '') : undefined;
        if (linked === undefined)
          throw refusal(subject, `${path}: ${what}, which packages of pvdisc do not contain`);
        base.addFile(path);
        files.set(path, linked);
      },
      write: async (path: string, chunks: AsyncIterable<Buffer>) => {
        files.set(path, await digested(chunks, isText(path) ? subject : undefined));
      },
    };
    await withTarStream({ ...tar, subject, signal: context.signal }, (stream) => unpackTar(stream, reading));
    return { files, entries };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function factsOf(path: string, { type, mode = 0, uid, gid, uname, gname }: Header): EntryFacts {
  return {
    path: path === '.' ? '' : path,
    isFolder: type === 'directory',
    mode,
    owner: `${uid}:${gid} ${uname}:${gname}`,
  };
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
