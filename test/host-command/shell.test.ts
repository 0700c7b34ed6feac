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
  test.skipIf(lacksTool('shellcheck'))('shellcheck finds nothing in any file', async () => {
    const files = [script, ...(await libraryFiles()), join(folder, 'virtio-win.bash')];
    const { exitCode, stdout } = await execa('shellcheck', ['--shell=sh', ...files.slice(0, -1)], {
      reject: false,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    const bash = await execa('shellcheck', ['--shell=bash', ...files.slice(-1)], { reject: false });
    expect({ exitCode: bash.exitCode, stdout: bash.stdout }).toEqual({ exitCode: 0, stdout: '' });
  });

  test.skipIf(lacksTool('shellcheck'))(
    'shellcheck finds no name that is never set or never used',
    async () => {
      const texts = await Promise.all(
        [...(await libraryFiles()), script].map((file) => readFile(file, 'utf8')),
      );
      const input = texts.join('\n').replaceAll('#!/bin/sh', '');
      const options = ['--norc', '--shell=sh', '-'];
      const { exitCode, stdout } = await execa('shellcheck', options, { input, reject: false });
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
      const broken = await execa('shellcheck', options, {
        input: `${input}\nprintf $neverset`,
        reject: false,
      });
      expect(broken.stdout).toContain('SC2154');
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
