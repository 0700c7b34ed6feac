import { createHash } from 'node:crypto';

/** The number of cached results, and the largest input to cache. */
export interface MemoLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** Enough for the INFs, catalogs and certificates of a release, which are far smaller. */
const defaultLimits: MemoLimits = { maxEntries: 256, maxBytes: 2 ** 18 };

/**
 * Memoises a parser by the content of its input, with an LRU cache; `read` must be deterministic. It receives a copy, so that
 * a cached result does not retain a larger buffer; errors are not cached.
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
