import { chmod, lstat, mkdir, readdir, rename, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { exists, makeFolder } from './files.ts';
import { type LockOptions, takeLock } from './lock.ts';
import { absent } from './path-kind.ts';
import { removeTree } from './remove.ts';
import { makeTemporary, removeTemporary } from './temporary.ts';

/** The folders in which one run makes a release, on the file system of the final folder. */
export interface Staging {
  readonly workDir: string;
  readonly outputDir: string;
  /** Aborts when another build takes the lock because this one seemed dead. */
  readonly lost: AbortSignal;
  /** Renames the output to its final name and removes the older release. */
  readonly publish: () => Promise<void>;
  /** Removes everything that is not published, and releases the lock. */
  readonly close: () => Promise<void>;
}

/** Opens a staging area for `<out>/<name>`: waits for another build of the same release, and removes what a killed build left. */
export async function openStaging(out: string, name: string, options: LockOptions): Promise<Staging> {
  const made = await missingFolders(out).catch(() => []); // makeWritable says why
  try {
    await makeWritable(out);
    const staging = await openIn(out, name, options);
    return { ...staging, close: () => staging.close().finally(() => removeEmpty(made)) };
  } catch (error) {
    await removeEmpty(made);
    throw error;
  }
}

/** Returns a folder and its parents as far as they are missing, the innermost first. */
async function missingFolders(folder: string): Promise<string[]> {
  return (await exists(folder)) ? [] : [folder, ...(await missingFolders(dirname(folder)))];
}

/** Removes folders up to the first one that is in use. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  try {
    for (const folder of folders) await rmdir(folder);
  } catch {}
}

async function openIn(out: string, name: string, options: LockOptions): Promise<Staging> {
  const lock = await takeLock(join(out, `.${name}`), options);
  const previous = join(out, `.${name}.previous`);
  const final = join(out, name);
  await recover(out, name, previous, final);
  const staging = await makeTemporary(join(out, `${stagingPrefix(name)}`)).catch(async (error) => {
    await lock.release();
    throw error;
  });
  const workDir = join(staging, 'work');
  const outputDir = join(staging, 'release');
  await mkdir(workDir);
  await mkdir(outputDir);
  return {
    workDir,
    outputDir,
    lost: lock.lost,
    publish: async () => {
      if (await exists(final)) {
        await makeRemovable(final);
        await rename(final, previous);
      }
      await rename(outputDir, final);
      removeTree(previous);
    },
    close: async () => {
      try {
        await removeTemporary(staging);
        await removeOwn(staging); // made again by this run after another one took the lock and removed it
      } finally {
        await lock.release();
      }
    },
  };
}

/** Makes an older release writable that an administrator made read-only, so that it can be replaced. */
async function makeRemovable(folder: string): Promise<void> {
  const found = await lstat(folder);
  if (found.isDirectory() && (found.mode & 0o200) === 0) await chmod(folder, found.mode | 0o700);
}

async function makeWritable(out: string): Promise<void> {
  try {
    await makeFolder(out);
  } catch (error) {
    throw new PipelineError('input', {
      place: out,
      message: `cannot be made: ${(error as Error).message}`,
      hint: 'choose another folder with --out',
    });
  }
}

/** A build that was killed between the two renames of `publish` left the older release under its temporary name. Files of other users stay. */
async function recover(out: string, name: string, previous: string, final: string): Promise<void> {
  if ((await exists(previous)) && !(await exists(final))) await rename(previous, final);
  const leftovers = (await readdir(out)).filter((entry) => entry.startsWith(stagingPrefix(name)));
  removeTree(previous);
  for (const entry of leftovers) await removeOwn(join(out, entry));
}

/** Removes a folder with its content if it belongs to the user of this process. */
async function removeOwn(path: string): Promise<void> {
  const found = await lstat(path).catch(absent);
  if (found?.isDirectory() && found.uid === process.geteuid?.()) removeTree(path, found);
}

function stagingPrefix(name: string): string {
  return `.${name}.staging-`;
}
