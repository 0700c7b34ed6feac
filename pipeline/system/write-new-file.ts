import { mkdir, open, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes chunks to a new file, making its folders; fails when the file is there. When this throws nothing is being
 * written any more, so that the folder can be removed at once (a Node pipeline gives up before its file is open).
 */
export async function writeNewFile(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(file, 'wx');
  try {
    await writeFile(handle, chunks, { signal });
  } finally {
    await handle.close();
  }
}
