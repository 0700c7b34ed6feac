import type { Readable } from 'node:stream';
import { readTar, type TarKind } from '../../formats/tar/read.ts';
import type { Extraction } from './extraction.ts';

/** What becomes of the entries of a tar; `asDpkg` takes what dpkg could read otherwise for damage. */
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

/** What `addSpecial` is told of a hard link, whose target is the path of another entry. */
export const hardLink = 'is a hard link';

function kindWords(kind: TarKind): string {
  return kind === 'unknown' ? 'is of a kind that cannot be unpacked' : `is a ${kind}`;
}
