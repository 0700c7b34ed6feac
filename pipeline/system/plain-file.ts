import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { absent } from './absent.ts';

/** What is at a path that should hold a plain file: its bytes, or the fact that speaks against it. */
export type PlainFile = { readonly bytes: Buffer } | { readonly problem: string };

/**
 * Reads a file of at most `most` bytes, following links; what is no plain file is told of and not read. It is opened so that it
 * never waits for the other end of a FIFO (open(2), O_NONBLOCK).
 */
export async function readPlainFile(file: string, most: number): Promise<PlainFile> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(absent);
  if (handle === undefined) return { problem: 'no such file' };
  try {
    const found = await handle.stat();
    if (found.isDirectory()) return { problem: 'is a folder, not a file' };
    if (!found.isFile()) return { problem: 'is no plain file' };
    if (found.size > most) return { problem: `has more than ${most} bytes` };
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(found.size), 0, found.size, 0);
    return { bytes: buffer.subarray(0, bytesRead) };
  } finally {
    await handle.close();
  }
}

/** Tells whether a path is a plain file itself, not a link to one; undefined when nothing is there. */
export async function isPlainFile(file: string): Promise<boolean | undefined> {
  return (await lstat(file).catch(absent))?.isFile();
}
