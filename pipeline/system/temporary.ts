import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PipelineError } from '../core/errors.ts';

const open = new Set<string>();
const removers = new Map<string, ChildProcess>();

/** Makes a folder whose name begins with a path. Whoever makes it removes it; it goes away too when this process ends in another way, also by kill -9. */
export async function makeTemporary(prefix: string): Promise<string> {
  const folder = await mkdtemp(prefix);
  removedAtEnd(folder);
  await requireUsable(folder);
  removers.set(folder, startRemover(folder));
  return folder;
}

/** Without these rights of its owner nothing that is put into a folder can be read again; root needs only that to read, for tools in a sandbox. */
async function requireUsable(folder: string): Promise<void> {
  const { mode } = await stat(folder);
  const needed = process.getuid?.() === 0 ? 0o400 : 0o700;
  if ((mode & needed) === needed) return;
  await removeTemporary(folder);
  throw new PipelineError('input', {
    place: 'umask',
    message: 'takes from the owner of new files the right to read them',
    hint: 'umask 022',
  });
}

/** Has a folder removed too when the program has to end at once, until the function that this returns is called. */
export function removedAtEnd(folder: string): () => void {
  open.add(folder);
  return () => void open.delete(folder);
}

/** Removes a folder that `makeTemporary` made. */
export async function removeTemporary(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  open.delete(folder);
  removers.get(folder)?.stdin?.destroy();
  removers.delete(folder);
}

/** Removes what is left of all temporary folders, at once; what cannot be removed stays, since nobody is there to be told. */
export function removeAllTemporary(): void {
  for (const folder of open) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {}
  }
}

/** Its standard input ends with this process. What still writes into the folder may make a file behind the back of rm. */
const removeAtEnd = 'read -r line; for try in 1 2 3 4 5; do if rm -rf -- "$1"; then break; fi; sleep 1; done';

/** Starts a shell that removes a folder when this process is gone; without one, only kill -9 leaves the folder behind. */
function startRemover(folder: string): ChildProcess {
  const remover = spawn('sh', ['-c', removeAtEnd, 'sh', resolve(folder)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  remover.on('error', () => {});
  remover.stdin.on('error', () => {});
  remover.unref();
  return remover;
}
