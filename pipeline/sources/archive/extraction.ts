import { join } from 'node:path';
import type { StoredBytes } from '../../core/content.ts';
import type { RunContext } from '../../core/context.ts';
import { type Budget, counted, defaultLimits, type Limits, startBudget } from '../../core/limits.ts';
import { byCodeUnit } from '../../core/order.ts';
import { refusal, type Subject } from '../../core/refusal.ts';
import { startPathRegister } from '../../core/safe-path.ts';
import { writeNewFile } from '../../system/files.ts';
import type { SourceFile, SourceRequest, SourceTree } from '../define.ts';

/** The archive to unpack: `folder` limits it to the files below; `packedBytes` is the size of an archive or ISO. */
export interface ExtractionSpec {
  readonly subject: Subject;
  readonly folder?: string | undefined;
  readonly packedBytes?: number;
}

/** The only way from an archive, ISO or repository into a tree: checks each entry before writing a byte of it. */
export interface Extraction {
  readonly subject: Subject;
  readonly budget: Budget;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  readonly addFolder: (path: string) => void;
  /** Adds a file to the tree; returns the file to write, undefined when it is skipped. */
  readonly addFile: (path: string) => string | undefined;
  /** Adds a file to the tree that stays in place; returns whether it is not skipped. */
  readonly addStored: (path: string, bytes: StoredBytes) => boolean;
  /** Refuses an entry that is not a file, such as a link to `target`; ignores it outside `folder`. */
  readonly addSpecial: (path: string, what: string, target?: string) => void;
  /** Writes the bytes of a file from `addFile`, and counts them unless they are already `counted`. */
  readonly write: (
    target: string,
    chunks: AsyncIterable<Buffer>,
    alreadyCounted?: 'counted',
  ) => Promise<void>;
  /** Returns the tree; throws when `folder` does not exist. */
  readonly finish: () => SourceTree;
}

/** Starts an extraction into the request's scratch folder. */
export function startExtraction(
  spec: ExtractionSpec,
  request: SourceRequest,
  context: RunContext,
): Extraction {
  const { subject, folder } = spec;
  const { signal, reporter } = context;
  const { limits = defaultLimits } = request;
  const budget = startBudget(subject, limits, spec.packedBytes);
  const paths = startPathRegister(subject, limits);
  const files: SourceFile[] = [];
  const countEntry = () => {
    signal.throwIfAborted();
    budget.countEntry();
  };
  const take = (path: string, bytesOf: (inside: string) => StoredBytes): StoredBytes | undefined => {
    countEntry();
    paths.addFile(path);
    const inside = pathInFolder(path, folder);
    if (inside === undefined) return undefined;
    const bytes = request.skip(inside) ? undefined : bytesOf(inside);
    files.push({ path: inside, ...bytes });
    reporter.progress({ files: files.length, item: request.id });
    return bytes;
  };
  return {
    subject,
    budget,
    limits,
    signal,
    addFolder: (path) => {
      countEntry();
      paths.addFolder(path);
    },
    addFile: (path) => take(path, (inside) => ({ file: join(request.scratch, inside) }))?.file,
    addStored: (path, bytes) => take(path, () => bytes) !== undefined,
    addSpecial: (path, what) => {
      countEntry();
      paths.addFile(path);
      if (pathInFolder(path, folder) !== undefined) throw paths.refusalOf(path, what);
    },
    write: (target, chunks, alreadyCounted) =>
      writeNewFile(target, alreadyCounted ? chunks : counted(chunks, budget), signal),
    finish: () => {
      if (folder !== undefined && files.length === 0)
        throw missingFolder(subject, folder, paths.topFolders());
      return { files: files.sort((a, b) => byCodeUnit(a.path, b.path)) };
    },
  };
}

function pathInFolder(path: string, folder: string | undefined): string | undefined {
  if (folder === undefined) return path;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
}

function missingFolder(subject: Subject, folder: string, topFolders: readonly string[]) {
  const has = topFolders.length === 0 ? 'it has no folders' : `at its top it has ${topFolders.join(', ')}`;
  return refusal(subject, `holds no file below the folder ${folder}`, `${has}; case matters`);
}
