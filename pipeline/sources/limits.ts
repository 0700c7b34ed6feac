import { refusal, type Subject } from './refusal.ts';

/** What a source may hold at most; far above any real disc of drivers. */
export const limits = {
  /** Files and folders together. */
  entries: 100_000,
  unpackedBytes: 16 * 2 ** 30,
  /** Unpacked bytes per packed byte, looked at once `ratioFromBytes` are unpacked. */
  ratio: 1000,
  ratioFromBytes: 64 * 2 ** 20,
  /** UTF-8 bytes of a whole path and of one name in it (255: ext4 and Rock Ridge), and names in a path. */
  pathBytes: 1024,
  nameBytes: 255,
  depth: 32,
} as const;

/** Counts what comes out of a source and throws when that is more than a source may hold. */
export interface Budget {
  readonly countEntry: () => void;
  readonly countBytes: (bytes: number) => void;
}

/** Starts counting; `packedBytes` is the size of an archive or ISO, whose files may share bytes. */
export function startBudget(subject: Subject, packedBytes?: number): Budget {
  let entries = 0;
  let unpacked = 0;
  return {
    countEntry: () => {
      entries += 1;
      if (entries > limits.entries) {
        throw refusal(subject, `holds more than ${limits.entries} files and folders`, hint);
      }
    },
    countBytes: (bytes) => {
      unpacked += bytes;
      if (unpacked > limits.unpackedBytes) {
        throw refusal(subject, `unpacks to more than ${limits.unpackedBytes} bytes`, hint);
      }
      if (packedBytes === undefined || unpacked <= limits.ratioFromBytes) return;
      if (unpacked > packedBytes * limits.ratio) {
        throw refusal(subject, `unpacks to more than ${limits.ratio} times its ${packedBytes} bytes`, hint);
      }
    },
  };
}

const hint = 'no disc of drivers is like that: look at where the file comes from';

/** Passes chunks on and counts their bytes. */
export async function* counted(chunks: AsyncIterable<Buffer>, budget: Budget): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    budget.countBytes(chunk.length);
    yield chunk;
  }
}
