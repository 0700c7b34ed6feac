import { chmod, link, lutimes, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeNewFile } from '../../system/files.ts';
import { streamStored } from '../../system/stored-bytes.ts';
import type { PackedEntry, TarFile } from '../contents.ts';

interface Staging {
  /** Files in this folder, the discs, are linked, not copied. */
  readonly own: string;
  /** Date of all entries. */
  readonly epoch: number;
  readonly signal: AbortSignal;
}

/** Writes entries, folders before their contents, below a folder; rpmbuild takes them from there. */
export async function stageTree(
  entries: readonly PackedEntry[],
  folder: string,
  staging: Staging,
): Promise<void> {
  for (const entry of entries) {
    const path = join(folder, entry.path);
    if (entry.kind === 'folder') await mkdir(path, { recursive: true });
    else if (entry.kind === 'link') await symlink(entry.target, path);
    else if (entry.kind === 'hard-link') await link(join(folder, entry.target), path);
    else await stageFile(entry, path, staging);
  }
  for (const { kind, path } of entries.toReversed()) {
    if (kind === 'folder') await chmod(join(folder, path), 0o755);
    await lutimes(join(folder, path), staging.epoch, staging.epoch);
  }
}

async function stageFile({ content, mode }: TarFile, path: string, { own, signal }: Staging): Promise<void> {
  if ('bytes' in content) await writeFile(path, content.bytes, { signal });
  else if ('make' in content) await writeNewFile(path, content.make(), signal);
  else if (dirname(content.file) === own) return link(content.file, path);
  else await writeNewFile(path, await streamStored(content), signal);
  await chmod(path, mode);
}
