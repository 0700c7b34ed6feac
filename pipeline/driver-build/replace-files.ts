import { chmod, chown, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { isSystemError, PipelineError } from '../core/errors.ts';
import { plural } from '../core/text.ts';
import { absent } from '../system/path-kind.ts';
import { isFullDisk } from '../system/system-error.ts';

/** Puts new contents in the place of files, which keep mode and owner: all are written beside them first, so that a full disk or a killed run leaves each file as it was or as it is to be. */
export async function replaceFiles(contents: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const beside = new Map([...contents.keys()].map((file) => [file, `${file}.pvdisc-new`]));
  let done = 0;
  try {
    for (const [file, bytes] of contents)
      await writeBeside(file, beside.get(file) ?? '', bytes).catch((error) => {
        throw ofFile(file, error);
      });
    for (const [file, made] of beside) {
      await rename(made, file).catch((error) => {
        throw done === 0 ? ofFile(file, error) : midway(file, error, done, beside.size);
      });
      done += 1;
    }
  } catch (error) {
    for (const made of beside.values()) await unlink(made).catch(() => undefined); // not there, or a folder of somebody else's
    throw error;
  }
}

/** Follows no link, and takes the place of what a killed run left. */
async function writeBeside(file: string, made: string, bytes: Uint8Array): Promise<void> {
  await unlink(made).catch(absent);
  await writeFile(made, bytes, { flag: 'wx' });
  const before = await stat(file).catch(absent);
  if (before === undefined) return;
  if (process.getuid?.() === 0) await chown(made, before.uid, before.gid);
  await chmod(made, before.mode);
}

/** Names the file that was asked for, not the one beside it. */
function ofFile(file: string, error: NodeJS.ErrnoException): Error {
  const message = error.message.replace(/, (?:open|rename|unlink|write)(?: '.*')?$/s, '');
  if (isFullDisk(error))
    return new PipelineError(
      'input',
      {
        place: file,
        message: message.replace(/^E[A-Z]+: /, ''),
        hint: 'free some space there; nothing was changed',
      },
      { cause: error },
    );
  return Object.assign(new Error(message, { cause: error }), { code: error.code, path: file });
}

function midway(file: string, error: unknown, done: number, all: number): unknown {
  if (!isSystemError(error)) return error;
  const problem = {
    place: file,
    message: `${error.message.replace(/^E[A-Z]+: |, rename '.*'$/gs, '')}; ${done} of ${plural(all, 'file')} were replaced before`,
    hint: 'check the owner, the mode and the attributes (lsattr) of the file, and run again: that goes on with the others',
  };
  return new PipelineError('input', problem, { cause: error });
}
