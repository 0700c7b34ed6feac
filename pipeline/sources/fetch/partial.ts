import { mkdir, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { exists } from '../../host/files.ts';

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

/** Returns the partial download at a path, be there one or not. */
export function partialFile(file: string): PartialFile {
  const size = async () => ((await exists(file)) ? (await stat(file)).size : 0);
  return {
    file,
    size,
    origin: async () => ((await size()) === 0 ? undefined : readOrigin(file)),
    restart: async (origin) => {
      await mkdir(dirname(file), { recursive: true });
      if (await exists(file)) await truncate(file);
      await writeFile(originFile(file), JSON.stringify(origin));
    },
    append: async (chunks) => {
      const handle = await open(file, 'a');
      try {
        for await (const chunk of chunks) await handle.appendFile(chunk);
      } finally {
        await handle.close();
      }
    },
    discard: async () => {
      await rm(file, { force: true });
      await rm(originFile(file), { force: true });
    },
  };
}

/** The file that says where the bytes of a partial download come from. */
export function originFile(file: string): string {
  return `${file}.json`;
}

/** Reads where the bytes of a partial download come from; undefined where that was not written whole. */
export async function readOrigin(file: string): Promise<PartialOrigin | undefined> {
  try {
    return originSchema.safeParse(JSON.parse(await readFile(originFile(file), 'utf8'))).data;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isMissing || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
