import type { Readable } from 'node:stream';
import { type Limits, startBudget } from '../../core/limits.ts';
import { quoted, refusal, type Subject } from '../../core/refusal.ts';
import { startPathRegister } from '../../core/safe-path.ts';
import { readTar, type TarEntry } from '../tar/read.ts';

/** Limits for reading a package's tar; `packedBytes` is its size in the package. */
export interface DebTarReading {
  readonly subject: Subject;
  readonly limits: Limits;
  readonly packedBytes: number;
  readonly signal: AbortSignal;
  /** Refuses what dpkg could read differently; not for the payload of an RPM package. */
  readonly asDpkg?: boolean;
}

/** Receives an entry of a package's tar, and the bytes of a file, which it may leave unread. */
export type OnDebEntry = (entry: TarEntry, chunks: AsyncIterable<Buffer>) => Promise<void> | void;

/** Reads an uncompressed tar of a package; throws when dpkg could read it differently, a path is unsafe, or it exceeds the limits. */
export async function readDebTar(
  bytes: Readable,
  { subject, limits, packedBytes, signal, asDpkg = true }: DebTarReading,
  onEntry: OnDebEntry = () => {},
): Promise<TarEntry[]> {
  const budget = startBudget(subject, limits, packedBytes);
  const paths = startPathRegister(subject, limits);
  const files = new Set<string>();
  const entries: TarEntry[] = [];
  await readTar(bytes, { subject, limits, budget, signal, asDpkg }, async (entry, chunks) => {
    const { path, kind, isRoot, target = '' } = entry;
    signal.throwIfAborted();
    if (!isRoot) {
      budget.countEntry();
      if (kind === 'folder') paths.addFolder(path);
      else paths.addFile(path);
    }
    if (kind === 'hard link' && !files.has(target))
      throw refusal(subject, `its entry ${quoted(path)} is a hard link, but no earlier entry is its target`);
    if (kind === 'file' || kind === 'hard link') files.add(path);
    entries.push(entry);
    await onEntry(entry, chunks);
  });
  return entries;
}
