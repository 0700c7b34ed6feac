import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import pMap from 'p-map';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { type BuiltRelease, builtSample } from '../builders/built-release.ts';
import { extractDisc, folderContents, recordedFiles, sha256 } from '../builders/disc-contents.ts';
import { lacksOptionalTool, lacksTool } from '../builders/needs.ts';

let sample: BuiltRelease;

beforeAll(async () => {
  sample = await builtSample();
});

test.skipIf(lacksTool('bsdtar'))('bsdtar finds every file as recorded, and no link', async () => {
  const contents = await folderContents(await extractDisc('bsdtar', sample.iso));
  expect(contents).toEqual({ files: recordedFiles(sample.record), others: [] });
});

test.skipIf(lacksOptionalTool('7z'))('7z finds every file as recorded, and no link', async () => {
  const contents = await folderContents(await extractDisc('7z', sample.iso));
  expect(contents).toEqual({ files: recordedFiles(sample.record), others: [] });
});

test.skipIf(lacksTool('bsdtar'))(
  'one changed byte shows in every path of that content, and nowhere else',
  async () => {
    const folder = await extractDisc('bsdtar', sample.iso);
    const content = await readFile(join(folder, 'sampleblk/w11/amd64/sampleblk.inf'));
    const bytes = await readFile(sample.iso);
    bytes[bytes.indexOf(content)] = 0;
    const changed = join(inject('runFolder'), 'changed.iso');
    await writeFile(changed, bytes);

    const { files } = await folderContents(await extractDisc('bsdtar', changed));
    const different = Object.entries(recordedFiles(sample.record)).filter(
      ([path, digest]) => files[path] !== digest,
    );
    expect(different.map(([path]) => path)).toEqual([
      'amd64/2k25/sampleblk.inf',
      'amd64/w11/sampleblk.inf',
      'sampleblk/2k25/amd64/sampleblk.inf',
      'sampleblk/w11/amd64/sampleblk.inf',
    ]);
  },
);

describe.skipIf(lacksTool('isoinfo'))('isoinfo, which reads the primary tree as Windows does', () => {
  test('lists every name in full, with its case', async () => {
    const { stdout } = await execa('isoinfo', ['-f', '-i', sample.iso]);
    const paths = Object.keys(recordedFiles(sample.record));
    const folders = new Set(paths.flatMap(parents));
    expect(stdout.split('\n').sort()).toEqual([...paths, ...folders].map((path) => `/${path}`).sort());
  });

  test('gives every file as recorded', async () => {
    const recorded = recordedFiles(sample.record);
    const found = await pMap(
      Object.keys(recorded),
      async (path) => {
        const { stdout } = await execa('isoinfo', ['-x', `/${path}`, '-i', sample.iso], {
          encoding: 'buffer',
          stripFinalNewline: false,
        });
        return [path, sha256(stdout)] as const;
      },
      { concurrency: 4 },
    );
    expect(Object.fromEntries(found)).toEqual(recorded);
  });

  test('shows the label as the volume id, not cut', async () => {
    const { stdout } = await execa('isoinfo', ['-d', '-i', sample.iso]);
    expect(sample.record.iso.label).toBe('pvdisc-sample-0.1.0');
    expect(stdout.split('\n')).toContain(`Volume id: ${sample.record.iso.label}`);
    expect(stdout).toContain('NO Joliet present');
  });
});

function parents(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...parents(folder)];
}
