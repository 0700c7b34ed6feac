import { createHash } from 'node:crypto';

/** How many results are kept, and up to which size of the bytes that they were read from. */
export interface MemoLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** Enough for the INFs, catalogs and certificates of a release; all are far below that size. */
const defaultLimits: MemoLimits = { maxEntries: 256, maxBytes: 2 ** 18 };

/**
 * Returns a reader that reads equal bytes once, as long as they are among the last that it kept; `read` must give the same
 * for the same bytes. It gets a copy, so that what is kept does not hold on to a larger buffer; what it throws is not kept.
 */
export function memoByBytes<Result>(
  read: (bytes: Uint8Array) => Result,
  { maxEntries, maxBytes } = defaultLimits,
): (bytes: Uint8Array) => Result {
  const results = new Map<string, Result>();
  return (bytes) => {
    if (bytes.length > maxBytes) return read(bytes);
    const key = createHash('sha256').update(bytes).digest('base64');
    const known = results.get(key);
    if (known !== undefined) return known;
    const result = read(Uint8Array.from(bytes));
    const [oldest] = results.keys();
    if (results.size >= maxEntries && oldest !== undefined) results.delete(oldest);
    results.set(key, result);
    return result;
  };
}
