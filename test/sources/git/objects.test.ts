import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { readBytes, readObjects } from '../../../pipeline/sources/git/objects.ts';
import { lacksTool } from '../../builders/needs.ts';
import { buildRepository } from '../../builders/repository.ts';
import { place } from '../../builders/source-setting.ts';

const watched = { subject: { place, name: 'repository' }, signal: new AbortController().signal };

describe.skipIf(lacksTool('git'))('readObjects', () => {
  test('gives contents in the order asked for, each as often as asked', async () => {
    const { path, commit } = await buildRepository({ a: 'one', b: Buffer.alloc(200_000, 'two'), c: '' });
    const sizes: number[] = [];
    const names = ['b', 'a', 'c', 'a'].map((name) => `${commit}:${name}`);
    await readObjects(`${path}/.git`, names, watched, async (content) => {
      sizes.push((await buffer(content)).length);
    });
    expect(sizes).toEqual([200_000, 3, 0, 3]);
  });

  test('a missing object and a folder without git are errors', async () => {
    const { path } = await buildRepository({ a: 'one' });
    const take = async () => {};
    const missing = readObjects(`${path}/.git`, ['f'.repeat(40)], watched, take);
    await expect(missing).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
    await expect(missing).rejects.toThrow(`repository: git cat-file answered "${'f'.repeat(40)} missing"`);
    await expect(readObjects(path, ['x'], watched, take)).rejects.toThrow(
      'repository: git cannot read the repository: fatal: not a git repository',
    );
  });
});

describe('readBytes', () => {
  test('lines and runs of bytes may be cut anywhere', async () => {
    const reader = readBytes(chunked('first\nab', 'cd\n', '\nla', 'st\n'));
    expect(await reader.line()).toBe('first');
    expect(String(await buffer(reader.bytes(4)))).toBe('abcd');
    expect(await reader.line()).toBe('');
    expect(await reader.line()).toBe('');
    expect(await reader.line()).toBe('last');
    await expect(reader.line()).rejects.toThrow('the stream ended too early');
  });

  test('a stream that ends too early, and a line without end, are errors', async () => {
    await expect(buffer(readBytes(chunked('abc')).bytes(4))).rejects.toThrow('the stream ended too early');
    await expect(readBytes(chunked('x'.repeat(70_000))).line()).rejects.toThrow('a line is too long');
  });
});

async function* chunked(...texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}
