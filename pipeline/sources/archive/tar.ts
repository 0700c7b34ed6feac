import type { Readable } from 'node:stream';
import { readTar, type TarKind } from '../../formats/tar/read.ts';
import type { Extraction } from './extraction.ts';

/** Handlers for the entries of a tar; `asDpkg` rejects entries that dpkg could read differently. */
export interface TarExtraction extends Extraction {
  readonly asDpkg?: boolean;
}

/** Unpacks a tar stream (POSIX pax and GNU formats). */
export async function unpackTar(bytes: Readable, extraction: TarExtraction): Promise<void> {
  await readTar(bytes, extraction, async ({ path, kind, isRoot, target }, chunks) => {
    if (kind === 'folder') {
      if (!isRoot) extraction.addFolder(path);
    } else if (kind === 'file') {
      const file = extraction.addFile(path);
      if (file !== undefined) await extraction.write(file, chunks, 'counted');
    } else {
      extraction.addSpecial(path, kindWords(kind), target);
    }
  });
}

/** The description of a hard link for `addSpecial`; its target is the path of another entry. */
export const hardLink = 'is a hard link';

function kindWords(kind: TarKind): string {
  return kind === 'unknown' ? 'is of a type that cannot be unpacked' : `is a ${kind}`;
}
