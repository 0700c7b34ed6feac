import { constants } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { makeWayForFile, whatIs } from '../../system/cache.ts';
import { makeFolder } from '../../system/files.ts';

const originSchema = z.strictObject({
  url: z.string(),
  from: z.string().optional(),
  validator: z.string().optional(),
});

/** Origin of a partial download: the requested `url`, the server `from` (scheme, host, port) that sent the bytes after redirects, or a `file:` address, and `validator`, their strong ETag or Last-Modified date. */
export type PartialOrigin = z.output<typeof originSchema>;

/** An unfinished download: its bytes in `file`, its origin in `file` with `.json`. */
export interface PartialFile {
  readonly file: string;
  readonly size: () => Promise<number>;
  /** Undefined without bytes, or when their origin is unknown. */
  readonly origin: () => Promise<PartialOrigin | undefined>;
  /** Empties the file to start again. */
  readonly restart: (origin: PartialOrigin) => Promise<void>;
  readonly append: (chunks: AsyncIterable<Uint8Array>) => Promise<void>;
  readonly discard: () => Promise<void>;
}

/** Returns the partial download at a path, empty when there is none; never writes through a link or special file. */
export function partialFile(file: string): PartialFile {
  const size = async () => {
    const found = await whatIs(file);
    return found?.isFile() && found.nlink === 1 ? found.size : 0;
  };
  return {
    file,
    size,
    origin: async () => ((await size()) === 0 ? undefined : readOrigin(file)),
    restart: async (origin) => {
      await makeFolder(dirname(file));
      for (const path of [file, originFile(file)]) await makeWayForFile(path, 'anything');
      await writeFile(originFile(file), JSON.stringify(origin), { flag: 'wx' });
      await writeFile(file, '', { flag: 'wx' });
    },
    append: async (chunks) => {
      const handle = await open(file, appending);
      try {
        for await (const chunk of chunks) await handle.appendFile(chunk);
      } finally {
        await handle.close();
      }
    },
    discard: async () => {
      for (const path of [file, originFile(file)]) await makeWayForFile(path, 'anything');
    },
  };
}

/** `restart` has made the file; does not follow a link that has replaced it. */
const appending = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The file with the origin of a partial download. */
export function originFile(file: string): string {
  return `${file}.json`;
}

/** Reads the origin of a partial download; undefined when it was not written completely. */
export async function readOrigin(file: string): Promise<PartialOrigin | undefined> {
  if (!(await whatIs(originFile(file)))?.isFile()) return undefined;
  try {
    return originSchema.safeParse(JSON.parse(await readFile(originFile(file), 'utf8'))).data;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isMissing || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
