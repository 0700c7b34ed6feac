import { rename, rm, writeFile } from 'node:fs/promises';

/** Puts new contents in the place of files: all are written beside them first, so that a full disk or a killed run leaves each file as it was or as it is to be. */
export async function replaceFiles(contents: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const beside = new Map([...contents.keys()].map((file) => [file, `${file}.pvdisc-new`]));
  try {
    for (const [file, bytes] of contents)
      await writeFile(beside.get(file) ?? '', bytes).catch((error) => {
        throw ofFile(file, error);
      });
    for (const [file, made] of beside) await rename(made, file);
  } catch (error) {
    for (const made of beside.values()) await rm(made, { force: true });
    throw error;
  }
}

/** Names the file that was asked for, not the one beside it. */
function ofFile(file: string, error: NodeJS.ErrnoException): NodeJS.ErrnoException {
  const message = error.message.replace(/, open '.*'$/s, '');
  return Object.assign(new Error(message, { cause: error }), { code: error.code, path: file });
}
