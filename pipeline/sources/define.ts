import type * as z from 'zod';
import type { Content, Extent, StoredBytes } from '../core/content.ts';
import type { RunContext } from '../core/context.ts';
import type { Limits } from '../core/limits.ts';
import type { Tool } from '../system/tools.ts';

/** One file of a source: its path in the source (`/` between names) and the location of its bytes (`storedBytes`). */
export interface SourceFile {
  readonly path: string;
  /** Absolute path of the file that has the bytes; absent when the request skipped it. */
  readonly file?: string;
  /** The extents of the bytes in `file`, when that is a disc; all of it when absent. */
  readonly extents?: readonly Extent[];
  /** Digest and size of the bytes, where the source has read them to check them. */
  readonly content?: Content;
}

/** Returns the location of the bytes of a source's file; throws when its source skipped it. */
export function storedBytes({ path, file, extents }: SourceFile): StoredBytes {
  if (file === undefined) throw new Error(`${path} was skipped by its source`);
  return extents === undefined ? { file } : { file, extents };
}

/** An opened source: every file it holds, sorted by path. */
export interface SourceTree {
  readonly files: readonly SourceFile[];
  /** sha256 by path, where the manifest gives a list that the files must match. */
  readonly digests?: ReadonlyMap<string, string>;
  /** Throws when the archive or disc that the files come from has changed since its digest was checked. */
  readonly requireUnchanged?: () => Promise<void>;
}

/** Options for opening a source. */
export interface SourceRequest {
  /** Its id in the release, and the place in the manifest that errors name. */
  readonly id: string;
  readonly place: string;
  /** Folder that relative paths of the manifest start from. */
  readonly baseDir: string;
  /** Empty private folder that the source may fill; removed at the end of the run. */
  readonly scratch: string;
  /** `--use`: take the source from this path instead; the same digests apply. */
  readonly override?: string;
  /** Selects files to list without reading their bytes. */
  readonly skip: (path: string) => boolean;
  /** Limits of the source; the defaults when absent. */
  readonly limits?: Limits;
}

/** Where driver files come from. One file per type in `sources/`, listed in `sources/index.ts`. */
export interface SourceType<Schema extends z.ZodObject = z.ZodObject> {
  readonly type: string;
  /** One line for the README and `--help`. */
  readonly summary: string;
  /** The keys that the release gives for it, `type` included. */
  readonly schema: Schema;
  readonly tools: readonly Tool[];
  /** The digest or commit that pins the bytes, for the record. Never a local path. */
  readonly pin: (spec: z.output<Schema>) => Readonly<Record<string, string>>;
  /** Files that a source is checked against, as named in the release. */
  readonly lists?: (spec: z.output<Schema>) => readonly string[];
  readonly open: (spec: z.output<Schema>, request: SourceRequest, context: RunContext) => Promise<SourceTree>;
}

/** Declares a source type (identity, for inference). */
export function defineSource<Schema extends z.ZodObject>(source: SourceType<Schema>): SourceType<Schema> {
  return source;
}
