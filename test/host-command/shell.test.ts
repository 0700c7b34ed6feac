import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { script } from './host.ts';

const folder = join(script, '..');

async function libraryFiles(): Promise<string[]> {
  return (await readdir(join(folder, 'lib'))).sort().map((name) => join(folder, 'lib', name));
}

describe('the source of the host command', () => {
  test.skipIf(lacksTool('shellcheck'))(
    'shellcheck finds nothing in the files, read as one program',
    async () => {
      const files = [...(await libraryFiles()), script];
      const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
      const lines = texts.flatMap((text, index) =>
        text
          .replace('#!/bin/sh', '')
          .split('\n')
          .map((line, number) => ({ line, place: `${files[index]}:${number + 1}` })),
      );
      // One more line shows that it would find a name that is never set.
      const input = [...lines.map(({ line }) => line), 'echo "$neverset"'].join('\n');
      const { stdout } = await execa('shellcheck', ['--norc', '--shell=sh', '--format=json', '-'], {
        input,
        reject: false,
      });
      const found: readonly { readonly line: number; readonly code: number; readonly message: string }[] =
        JSON.parse(stdout);
      expect(
        found.map(({ line, code, message }) => `${lines[line - 1]?.place ?? 'added'}: SC${code} ${message}`),
      ).toEqual([expect.stringMatching(/^added: SC2154 /)]);
      await execa('shellcheck', ['--shell=bash', join(folder, 'virtio-win.bash')]);
    },
  );

  test.skipIf(lacksTool('dash', 'busybox'))('dash and busybox can read each file', async () => {
    for (const file of [script, ...(await libraryFiles())]) {
      await execa('dash', ['-n', file]);
      await execa('busybox', ['sh', '-n', file]);
    }
  });

  test.skipIf(lacksTool('mandoc'))('mandoc finds nothing in the manual page but long lines', async () => {
    const { stdout } = await execa('mandoc', ['-T', 'lint', join(folder, 'virtio-win.1')], { reject: false });
    expect(
      stdout.split('\n').filter((line) => line !== '' && !line.includes('longer than 80 bytes')),
    ).toEqual([]);
  });

  test('every file of the library is one thing: at most 150 lines', async () => {
    for (const file of await libraryFiles()) {
      expect((await readFile(file, 'utf8')).split('\n').length, file).toBeLessThan(151);
    }
  });
});
