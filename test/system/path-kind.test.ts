import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { pathKind } from '../../pipeline/system/path-kind.ts';
import { temporaryFolder } from '../builders/release.ts';

test('what lies at a path is told without opening it', async () => {
  const folder = await temporaryFolder('pvdisc-kind-');
  const at = (name: string) => join(folder, name);
  await writeFile(at('file'), '');
  await mkdir(at('folder'));
  await execa('mkfifo', [at('pipe')]);
  await symlink('nowhere', at('dangling'));
  await symlink('folder', at('link'));
  const server = createServer().listen(at('socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  for (const name of ['file', 'folder', 'pipe', 'dangling', 'missing', 'socket'])
    expect(await pathKind(at(name))).toBe(name);
  expect(await pathKind(at('link'))).toBe('folder');
  expect(await pathKind(at('file/x'))).toBe('missing');
  expect(await pathKind('/dev/null')).toBe('device');
});

test('a path that cannot be followed is an error of the system', async () => {
  const folder = await temporaryFolder('pvdisc-kind-');
  await symlink('loop', join(folder, 'loop'));
  await expect(pathKind(join(folder, 'loop'))).rejects.toMatchObject({ code: 'ELOOP' });
  await expect(pathKind(join(folder, 'x'.repeat(300)))).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
});
