import { FormatError } from '../../pipeline/formats/format-error.ts';

/** Bytes of a text in which every line ends in CRLF, as INFs are written. */
export function crlf(text: string): Uint8Array {
  return Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1');
}

/** Runs a parser and says how it went: `ok`, or `refused` for a FormatError; any other error passes. */
export function outcome(parse: () => unknown): 'ok' | 'refused' {
  try {
    parse();
    return 'ok';
  } catch (error) {
    if (error instanceof FormatError) return 'refused';
    throw error;
  }
}

/** The bytes cut at every length, at most `limit` evenly spread ones. */
export function* truncations(bytes: Uint8Array, limit = 2000): Generator<Uint8Array> {
  const step = Math.max(1, Math.ceil(bytes.length / limit));
  for (let length = 0; length < bytes.length; length += step) yield bytes.subarray(0, length);
}

/** Copies of the bytes with one to four bytes replaced, the same ones for the same seed. */
export function* mutations(bytes: Uint8Array, count: number, seed = 1): Generator<Uint8Array> {
  const next = random(seed);
  for (let index = 0; index < count; index++) {
    const copy = Uint8Array.from(bytes);
    for (let flips = 1 + (next() % 4); flips > 0; flips--) copy[next() % copy.length] = hostileBytes(next);
    yield copy;
  }
}

function hostileBytes(next: () => number): number {
  return [0x00, 0xff, 0x7f, 0x80, next() & 0xff][next() % 5] ?? 0;
}

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}
