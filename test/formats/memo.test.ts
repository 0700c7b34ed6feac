import { describe, expect, test, vi } from 'vitest';
import { memoByBytes } from '../../pipeline/formats/memo.ts';

const bytes = (text: string) => Buffer.from(text);

describe('a memo by bytes', () => {
  test('reads equal bytes once, others each', () => {
    const read = vi.fn((given: Uint8Array) => ({ text: Buffer.from(given).toString() }));
    const memo = memoByBytes(read);
    const first = memo(bytes('a'));
    expect(first).toEqual({ text: 'a' });
    expect(memo(bytes('a'))).toBe(first);
    expect(memo(bytes('b'))).toEqual({ text: 'b' });
    expect(read).toHaveBeenCalledTimes(2);
  });

  test('reads a copy, so that a changed buffer changes no result and a larger one is not held', () => {
    const memo = memoByBytes((given) => given);
    const file = bytes('xxkeptxx');
    const kept = memo(file.subarray(2, 6));
    file.fill('!');
    expect(Buffer.from(kept).toString()).toBe('kept');
    expect(kept.buffer.byteLength).toBe(4);
  });

  test('keeps no failure', () => {
    const read = vi.fn(() => {
      throw new Error('damaged');
    });
    const memo = memoByBytes(read);
    expect(() => memo(bytes('a'))).toThrow('damaged');
    expect(() => memo(bytes('a'))).toThrow('damaged');
    expect(read).toHaveBeenCalledTimes(2);
  });

  test('keeps so many results and forgets the oldest, and none of large bytes', () => {
    const read = vi.fn((given: Uint8Array) => given.length);
    const memo = memoByBytes(read, { maxEntries: 2, maxBytes: 3 });
    for (const text of ['a', 'b', 'c', 'c', 'b']) memo(bytes(text));
    expect(read).toHaveBeenCalledTimes(3);
    memo(bytes('a'));
    expect(read).toHaveBeenCalledTimes(4);
    for (let time = 0; time < 2; time += 1) expect(memo(bytes('long'))).toBe(4);
    expect(read).toHaveBeenCalledTimes(6);
  });
});
