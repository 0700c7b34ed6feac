import { constants } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { makeWayForFile, whatIs } from '../../system/cache.ts';
import { makeFolder } from '../../system/files.ts';

const originSchema = z.strictObject({
  url: z.string(),
  from: z.string().optional(),
  validator: z.string().optional(),
});

/** Where the bytes of a partial download come from: `url` was asked, `from` is the server (scheme, host, port) that gave them after redirects, or a `file:` address; `validator` is the strong ETag or the Last-Modified date that they had. */
export type PartialOrigin = z.output<typeof originSchema>;

/** A download in the making: its bytes at `file`, its origin at `file` with `.json`. */
export interface PartialFile {
  readonly file: string;
  readonly size: () => Promise<number>;
  /** Undefined without bytes, or when it cannot be told where they come from. */
  readonly origin: () => Promise<PartialOrigin | undefined>;
  /** Begins again without bytes. */
  readonly restart: (origin: PartialOrigin) => Promise<void>;
  readonly append: (chunks: AsyncIterable<Uint8Array>) => Promise<void>;
  readonly discard: () => Promise<void>;
}

/** Returns the partial download at a path, be there one or not: a link or special file there is none, and is never written through. */
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

/** `restart` has made the file; a link that has taken its place since is not followed. */
const appending = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The file that says where the bytes of a partial download come from. */
export function originFile(file: string): string {
  return `${file}.json`;
}

/** Reads where the bytes of a partial download come from; undefined where that was not written whole. */
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
