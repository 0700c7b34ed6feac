import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, rmdirSync } from 'node:fs';
import { mkdtemp, realpath } from 'node:fs/promises';
import { PipelineError } from '../core/errors.ts';
import { descriptorPath, type FolderIdentity, openFolder, removeTree } from './remove.ts';

/** The function that removes each path that must not outlive this process. */
const atEnd = new Map<string, () => void>();
const temporary = new Map<string, { readonly identity: FolderIdentity; readonly remover: ChildProcess }>();

/**
 * Makes a folder whose name begins with `prefix`, and returns its real path. `removeTemporary` removes it; so does the end of this
 * process, even by SIGKILL.
 */
export async function makeTemporary(prefix: string): Promise<string> {
  const folder = await realpath(await mkdtemp(prefix));
  const handle = openOwn(folder);
  try {
    const { dev, ino } = fstatSync(handle);
    const identity = { dev, ino };
    temporary.set(folder, { identity, remover: startRemover(handle, folder) });
    removedAtEnd(folder, () => removeTree(folder, identity));
  } finally {
    closeSync(handle);
  }
  return folder;
}

/** The owner needs these permissions to read anything in a folder; root needs only the read permission, for tools in a sandbox. */
function openOwn(folder: string): number {
  const needed = process.getuid?.() === 0 ? 0o400 : 0o700;
  try {
    const handle = openFolder(folder);
    if (handle !== undefined) {
      const { mode, uid } = fstatSync(handle);
      if (uid === process.geteuid?.() && (mode & needed) === needed) return handle;
      closeSync(handle);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
  }
  rmdirSync(folder);
  throw new PipelineError('input', {
    place: 'umask',
    message: 'denies the owner of new files the permission to read them',
    hint: 'umask 022',
  });
}

/** Registers `remove` for a sudden end of the program; the returned function unregisters it. */
export function removedAtEnd(path: string, remove: () => void): () => void {
  atEnd.set(path, remove);
  return () => void atEnd.delete(path);
}

/** Removes a folder that `makeTemporary` made; a folder that has replaced it stays. */
export async function removeTemporary(folder: string): Promise<void> {
  const made = temporary.get(folder);
  removeTree(folder, made?.identity);
  atEnd.delete(folder);
  made?.remover.stdin?.destroy();
  temporary.delete(folder);
}

/** Removes all remaining temporary folders and locks; ignores errors, since the program ends. */
export function removeAllTemporary(): void {
  for (const remove of atEnd.values()) {
    try {
      remove();
    } catch {}
  }
}

/**
 * The working directory is the folder, even if its path has been replaced. Standard input closes with this process; a program that still
 * writes into the folder may add a file meanwhile.
 */
const removeAtEnd = `read -r line
for try in 1 2 3 4 5; do
  if find . -mindepth 1 -delete && { rmdir -- "$1" || [ ! -d "$1" ]; }; then break; fi
  sleep 1
done`;

/** Starts a shell that removes a folder when this process is gone; without one, only SIGKILL leaves the folder behind. */
function startRemover(handle: number, folder: string): ChildProcess {
  const remover = spawn('sh', ['-c', removeAtEnd, 'sh', folder], {
    cwd: descriptorPath(handle),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  remover.on('error', () => {});
  remover.stdin?.on('error', () => {});
  remover.unref();
  return remover;
}
