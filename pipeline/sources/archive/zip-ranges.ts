import type { Entry, LocalFileHeader, ZipFile } from 'yauzl';
import { damage } from '../../core/damage.ts';
import { quoted, type Subject } from '../../core/refusal.ts';

/** The bytes of a zip that belong to one entry: its local header and its packed content. */
interface ZipRange {
  readonly start: number;
  readonly end: number;
}

/** Checks that the entries of a zip do not contradict their local headers and do not share bytes, as those of bombs do. */
export interface ZipRanges {
  /** Throws when the local header of an entry has another name: other programs go by that one. */
  readonly add: (zip: ZipFile, entry: Entry) => Promise<void>;
  readonly requireSeparate: () => void;
}

/** Starts without an entry. */
export function startZipRanges(subject: Subject): ZipRanges {
  const ranges: ZipRange[] = [];
  return {
    add: async (zip, entry) => {
      const { fileName, fileDataStart } = await readLocalHeader(zip, entry);
      if (!fileName.equals(entry.fileNameRaw))
        throw damage(
          subject,
          `it has ${shown(entry.fileNameRaw)} in its directory, and ${shown(fileName)} in that place`,
        );
      ranges.push({ start: entry.relativeOffsetOfLocalHeader, end: fileDataStart + entry.compressedSize });
    },
    requireSeparate: () => {
      ranges.sort((a, b) => a.start - b.start);
      const overlap = ranges.find(({ start }, index) => start < (ranges[index - 1]?.end ?? 0));
      if (overlap !== undefined) throw damage(subject, `two of its entries share byte ${overlap.start}`);
    },
  };
}

function readLocalHeader(zip: ZipFile, entry: Entry): Promise<LocalFileHeader> {
  return new Promise((resolve, reject) => {
    zip.readLocalFileHeader(entry, (error, header) => (error === null ? resolve(header) : reject(error)));
  });
}

function shown(name: Buffer): string {
  return quoted(name.toString());
}
