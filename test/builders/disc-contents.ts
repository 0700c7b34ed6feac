import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { inject } from 'vitest';
import type { ReleaseRecord } from '../../pipeline/model/record.ts';

/** What a reader finds on a disc: sha256 by path, and the paths of what is neither file nor folder. */
export interface DiscContents {
  readonly files: Readonly<Record<string, string>>;
  readonly others: readonly string[];
}

/** Returns sha256 by path as a release's record has them. */
export function recordedFiles(record: ReleaseRecord): Record<string, string> {
  return Object.fromEntries(record.iso.files.map(({ path, sha256 }) => [path, sha256]));
}

/** Extracts an ISO with another reader than the pipeline's; returns the folder, which goes away at the end of the run. */
export async function extractDisc(reader: 'bsdtar' | '7z', iso: string): Promise<string> {
  const folder = join(await mkdtemp(join(inject('runFolder'), 'disc-')), 'content');
  await mkdir(folder);
  if (reader === 'bsdtar') await execa('bsdtar', ['-xf', iso, '-C', folder]);
  else await execa('7z', ['x', '-y', `-o${folder}`, iso]);
  await execa('chmod', ['-R', 'u+rwX', folder]);
  return folder;
}

/** Reads every file below a folder, without following links. */
export async function folderContents(folder: string): Promise<DiscContents> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  const others: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (entry.isFile()) files[name] = sha256(await readFile(path));
    else if (!entry.isDirectory()) others.push(name);
  }
  return { files, others };
}

/** Returns a digest in lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
