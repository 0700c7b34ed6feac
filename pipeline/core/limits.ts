import type { PipelineError } from './errors.ts';
import { refusal, type Subject } from './refusal.ts';

/** What a source may hold at most. */
export interface Limits {
  /** Files and folders together. */
  readonly files: number;
  /** Bytes of all files together, unpacked. */
  readonly size: number;
  /** Bytes of all INFs together: what they say is held in memory. */
  readonly infSize: number;
  /** Unpacked bytes per packed byte, looked at once 64 MiB are unpacked. */
  readonly ratio: number;
  /** Names in a path. */
  readonly depth: number;
  /** UTF-8 bytes of a path. */
  readonly pathLength: number;
  /** How long listing and unpacking may take; a download has time limits of its own. */
  readonly seconds: number;
}

/** Far above the largest real discs of drivers (3,000 files, 900 MB, 2 MB of INFs). */
export const defaultLimits: Limits = {
  files: 20_000,
  size: 8 * 2 ** 30,
  infSize: 8 * 2 ** 20,
  ratio: 200,
  depth: 32,
  pathLength: 1024,
  seconds: 900,
};

/** A small archive of only zeros is harmless. */
export const ratioFromBytes = 64 * 2 ** 20;

/** Returns the error for a source that is larger than it may be: which limit that is, and how to raise it. */
export function overLimit(subject: Subject, limit: keyof Limits, message: string): PipelineError {
  const ways = `raise "${limit}" under "limits" of its source in the release, or inspect it with --limit ${limit}=NUMBER`;
  return refusal(subject, message, `look at where it comes from; if it is meant to be so, ${ways}`);
}

/** Counts what comes out of a source and throws when that is more than it may hold. */
export interface Budget {
  readonly countEntry: () => void;
  readonly countBytes: (bytes: number) => void;
}

/** Starts counting; `packedBytes` is the size of an archive or ISO, whose files may share bytes. */
export function startBudget(subject: Subject, limits: Limits, packedBytes?: number): Budget {
  let entries = 0;
  let unpacked = 0;
  return {
    countEntry: () => {
      entries += 1;
      if (entries <= limits.files) return;
      throw overLimit(subject, 'files', `holds more than ${limits.files} files and folders`);
    },
    countBytes: (bytes) => {
      unpacked += bytes;
      if (unpacked > limits.size) {
        throw overLimit(subject, 'size', `unpacks to more than ${limits.size} bytes`);
      }
      if (packedBytes === undefined || unpacked <= ratioFromBytes) return;
      if (unpacked > packedBytes * limits.ratio) {
        const message = `unpacks to more than ${limits.ratio} times its ${packedBytes} bytes`;
        throw overLimit(subject, 'ratio', message);
      }
    },
  };
}

/** Passes chunks on and counts their bytes. */
export async function* counted(chunks: AsyncIterable<Buffer>, budget: Budget): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    budget.countBytes(chunk.length);
    yield chunk;
  }
}

/** 64 MiB: a larger file is not a driver file, and is not read into memory; up to four are at a time. */
export const maxDriverFileBytes = 2 ** 26;
