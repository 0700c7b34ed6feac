import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  installedSize,
  packageContents,
  textFile,
  withFolders,
} from '../../../pipeline/packagers/deb/contents.ts';

const release = { name: 'virtio-win-legacy', version: '1.2', package: { name: 'my-drivers' } };
const iso = {
  content: { file: '/somewhere/x.iso', sha256: '', size: 2049 },
  name: 'virtio-win-legacy-1.2.iso',
  label: 'X',
  files: [],
};

function contents(overrides?: string) {
  const metadata = {
    changelog: 'the changelog\n',
    copyright: 'the copyright\n',
    ...(overrides !== undefined && { overrides }),
  };
  return packageContents(
    { release } as Parameters<typeof packageContents>[0],
    metadata,
    iso,
    'line\r\nline\r\n',
  );
}

test('the disc, the link to it and the documents lie in their folders, each folder before its contents', () => {
  expect(contents().map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    'folder ',
    'folder usr',
    'folder usr/share',
    'folder usr/share/doc',
    'folder usr/share/doc/my-drivers',
    'file usr/share/doc/my-drivers/README.txt',
    'file usr/share/doc/my-drivers/changelog.Debian.gz',
    'file usr/share/doc/my-drivers/copyright',
    'folder usr/share/virtio-win',
    'file usr/share/virtio-win/virtio-win-legacy-1.2.iso',
    'link usr/share/virtio-win/virtio-win.iso',
  ]);
});

test('the disc is read-only, the link leads to it by name, and the texts have the ends of lines of a host', () => {
  expect(contents()).toEqual(
    expect.arrayContaining([
      {
        kind: 'file',
        path: 'usr/share/virtio-win/virtio-win-legacy-1.2.iso',
        mode: 0o444,
        size: 2049,
        content: { file: '/somewhere/x.iso' },
      },
      { kind: 'link', path: 'usr/share/virtio-win/virtio-win.iso', target: 'virtio-win-legacy-1.2.iso' },
      {
        kind: 'file',
        path: 'usr/share/doc/my-drivers/README.txt',
        mode: 0o644,
        size: 10,
        content: { bytes: Buffer.from('line\nline\n') },
      },
    ]),
  );
});

test('overrides of lintian are installed where it looks for them', () => {
  expect(contents('tag\n')).toContainEqual(textFile('usr/share/lintian/overrides/my-drivers', 'tag\n'));
});

test('the changelog is compressed as much as gzip can, without a name, a time or the name of a system', () => {
  const entry = contents().find(({ path }) => path.endsWith('changelog.Debian.gz'));
  if (entry?.kind !== 'file' || !('bytes' in entry.content)) throw new Error('no changelog');
  const { bytes } = entry.content;
  expect(bytes.subarray(0, 10).toString('hex')).toBe('1f8b0800000000000203');
  expect(gunzipSync(bytes).toString()).toBe('the changelog\n');
});

test('the installed size counts KiB begun of each file, and 1 for all else', () => {
  const entries = withFolders([
    { kind: 'file', path: 'a/x', mode: 0o644, size: 1025, content: { file: '/x' } },
    { kind: 'file', path: 'a/y', mode: 0o644, size: 1024, content: { file: '/y' } },
    { kind: 'file', path: 'a/z', mode: 0o644, size: 0, content: { file: '/z' } },
    { kind: 'link', path: 'b', target: 'a' },
  ]);
  expect(entries.map(({ path }) => path)).toEqual(['', 'a', 'a/x', 'a/y', 'a/z', 'b']);
  expect(installedSize(entries)).toBe(2 + 1 + 0 + 3);
});
