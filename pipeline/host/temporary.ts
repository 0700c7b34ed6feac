import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';

const open = new Set<string>();

/** Makes a folder whose name begins with a path; whoever makes it removes it, and a program that has to end at once removes all of them. */
export async function makeTemporary(prefix: string): Promise<string> {
  const folder = await mkdtemp(prefix);
  removedAtEnd(folder);
  return folder;
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
}

/** Removes what is left of all temporary folders, at once; what cannot be removed stays, since nobody is there to be told. */
export function removeAllTemporary(): void {
  for (const folder of open) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {}
  }
}
