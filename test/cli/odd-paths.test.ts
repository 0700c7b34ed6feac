import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { pvdisc } from '../builders/command.ts';
import { temporaryFolder, writeRelease } from '../builders/release.ts';

/** Arguments of commands before a path. */
const commands = ['ledger check', 'inspect', 'verify', 'check'];

describe.each(commands)('pvdisc %s', (command) => {
  test.each([
    ['a pipe', 'pipe', / (?:is a named pipe|is not a file|is neither a file nor a folder)\n/],
    ['a device without end', '/dev/zero', / (?:is a device|is not a file|is neither a file nor a folder)\n/],
    ['a file that waits for the kernel', '/proc/kmsg', /temporarily unavailable|not permitted|denied/],
    ['a link to itself', 'loop', /too many symbolic links.*\n {2}hint: .*links form a loop\n/],
    [
      'a name of 300 characters',
      'x'.repeat(300),
      /name too long.*\n {2}hint: .*too long for the file system/,
    ],
    ['a path below a file', 'file/x', /no such file|not a directory/],
    ['a name that moves the cursor', 'a\x1b[2J\nb', /a\?\[2J\?b: no such file/],
  ])('tells %s, with a next step and exit code 1', async (_, name, words) => {
    const given = join(await oddFolder(), name);
    const path = name.startsWith('/') ? name : given;
    const { exitCode, stdout, stderr } = await pvdisc([...command.split(' '), path]);
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(words);
    expect(stderr).toMatch(/\n {2}hint: .+\n$/);
    expect(stderr).not.toContain('\x1b');
  });
});

test('a source given with --use is told in the same way', async () => {
  const folder = await oddFolder();
  const { file } = await writeRelease({ files: {} });
  const use = (name: string) => pvdisc(['check', file, '--use', `drivers=${join(folder, name)}`]);
  expect(await use('pipe')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/pipe: is a named pipe, expected a folder\n {2}hint: /),
  });
  expect(await use('loop')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/too many symbolic links.*\n {2}hint: .*links form a loop\n/),
  });
  expect((await use('a\x1b[2J')).stderr).toContain('/a?[2J: no such folder\n');
});

async function oddFolder(): Promise<string> {
  const folder = await temporaryFolder('pvdisc-odd-');
  await writeFile(join(folder, 'file'), 'x');
  await symlink('loop', join(folder, 'loop'));
  await execa('mkfifo', [join(folder, 'pipe')]);
  return folder;
}
