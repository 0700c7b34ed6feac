import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { gzip, installedSize, textFile, withFolders } from '../../pipeline/package/contents.ts';

const content = { file: '/x', sha256: '' };

test('each folder stands before its contents, and hard links after all files', () => {
  const entries = withFolders([
    { kind: 'hard-link', path: 'usr/a/link', target: 'usr/b/file' },
    textFile('usr/b/file', 'x'),
    { kind: 'link', path: 'usr/c', target: 'b' },
  ]);
  expect(entries.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    'folder ',
    'folder usr',
    'folder usr/a',
    'folder usr/b',
    'file usr/b/file',
    'link usr/c',
    'hard-link usr/a/link',
  ]);
});

test('a folder that is given is there once, with or without contents', () => {
  const given = [
    { kind: 'folder', path: 'usr/empty' },
    { kind: 'folder', path: 'usr/full' },
    textFile('usr/full/file', 'x'),
  ] as const;
  expect(withFolders(given).map(({ path }) => path)).toEqual([
    '',
    'usr',
    'usr/empty',
    'usr/full',
    'usr/full/file',
  ]);
});

test('a file of text has its bytes, its size in bytes and the mode of a document or another', () => {
  const bytes = Buffer.from('\u00e9');
  expect(textFile('a', '\u00e9')).toEqual({
    kind: 'file',
    path: 'a',
    mode: 0o644,
    size: 2,
    content: { bytes },
  });
  expect(textFile('a', bytes, 0o755)).toMatchObject({ mode: 0o755, size: 2, content: { bytes } });
});

test('gzip compresses as much as it can, without a name, a time or the name of a system', () => {
  const bytes = gzip('the changelog\n');
  expect(bytes.subarray(0, 10).toString('hex')).toBe('1f8b0800000000000203');
  expect(gunzipSync(bytes).toString()).toBe('the changelog\n');
});

test('the installed size counts KiB begun of each file, nothing for a hard link, and 1 for all else', () => {
  const entries = withFolders([
    { kind: 'file', path: 'a/x', mode: 0o644, size: 1025, content },
    { kind: 'file', path: 'a/y', mode: 0o644, size: 1024, content },
    { kind: 'file', path: 'a/z', mode: 0o644, size: 0, content },
    { kind: 'link', path: 'b', target: 'a' },
    { kind: 'hard-link', path: 'a/xx', target: 'a/x' },
  ]);
  expect(entries.map(({ path }) => path)).toEqual(['', 'a', 'a/x', 'a/y', 'a/z', 'b', 'a/xx']);
  expect(installedSize(entries)).toBe(2 + 1 + 0 + 3);
});
