import type { Inf } from './inf.ts';

/** Returns a reader of parsed INFs that reads each one once for the same further arguments: many rules ask, for each Windows that a folder serves. */
export function oncePerInf<Rest extends readonly string[], Result>(
  read: (inf: Inf, ...rest: Rest) => Result,
): (inf: Inf, ...rest: Rest) => Result {
  const known = new WeakMap<Inf, Map<string, Result>>();
  return (inf, ...rest) => {
    const results = known.get(inf) ?? new Map<string, Result>();
    known.set(inf, results);
    const key = rest.join('\0');
    const result = results.get(key) ?? read(inf, ...rest);
    results.set(key, result);
    return result;
  };
}
