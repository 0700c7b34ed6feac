import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect } from 'vitest';
import { outcome } from '../formats/bytes.ts';
import { cook, recipes, type Seeds } from './recipe.ts';

/** How long each fuzz test runs; PVDISC_FUZZ_SECONDS=600 is a long run. */
export const fuzzSeconds = Number(process.env.PVDISC_FUZZ_SECONDS ?? 2);

/** Time limit of a fuzz test for vitest, in milliseconds: a failure takes as long again to shrink. */
export const fuzzTimeout = fuzzSeconds * 2000 + 60_000;

/** What is fuzzed: the reader, what to start from, and pieces of the format. */
export interface Fuzzed {
  readonly read: (bytes: Uint8Array) => void;
  readonly seeds: Seeds;
  readonly words: readonly (string | Uint8Array)[];
}

const maxSeconds = 1;
const maxGrowthMb = 64;

/**
 * Reads changed seeds for `fuzzSeconds`: each ends as a result or a FormatError within a second of processor time. A long run
 * begins with another random seed each time, and its memory after garbage collection must not grow.
 */
export function fuzz({ read, seeds, words }: Fuzzed): void {
  const isLong = fuzzSeconds > 10;
  const end = performance.now() + fuzzSeconds * 1000;
  const round = isLong ? fuzzSeconds / 20 : fuzzSeconds;
  const counts = { ok: 0, refused: 0 };
  const heaps: number[] = [];
  const property = fc.property(recipes(seeds, words), (recipe) => {
    counts[readInTime(read, cook(seeds, recipe))]++;
  });
  for (let seed = isLong ? Date.now() % 1_000_000_000 : 1; performance.now() < end; seed++) {
    fc.assert(property, { seed, numRuns: 1_000_000, interruptAfterTimeLimit: round * 1000 });
    heaps.push(heapMb());
  }
  if (isLong) console.log(`${JSON.stringify(counts)}, MB of heap after each round: ${heaps.join(' ')}`);
  expect(counts.ok).toBeGreaterThan(0);
  expect(counts.refused).toBeGreaterThan(0);
  expect(Math.max(...heaps.slice(2), 0) - Math.max(...heaps.slice(0, 2))).toBeLessThan(maxGrowthMb);
}

/** Slow is what is slow twice: the first time may be the garbage of others. */
function readInTime(read: Fuzzed['read'], bytes: Uint8Array): 'ok' | 'refused' {
  const first = timed(() => outcome(() => read(bytes)));
  if (first.seconds <= maxSeconds) return first.result;
  const second = timed(() => outcome(() => read(bytes)));
  if (second.seconds > maxSeconds) throw new Error(`took ${second.seconds} s for ${bytes.length} bytes`);
  return second.result;
}

/** Times by the processor's clock, which other programs on the machine do not delay. */
function timed<Value>(run: () => Value): { readonly result: Value; readonly seconds: number } {
  const start = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(start);
  return { result, seconds: (user + system) / 1e6 };
}

function heapMb(): number {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  collectGarbage();
  return Math.round(process.memoryUsage().heapUsed / 1e6);
}
