import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { directory } from '../../pipeline/sources/directory.ts';
import { makeSetting, place, type SourceSetting } from '../builders/source-setting.ts';
import { writeTree } from '../builders/tree.ts';

const digest = 'ab'.repeat(32);

test('files are used in place', async () => {
  const setting = await settingWith({ 'b/x.sys': 'x', 'a.inf': 'y' });
  const tree = await openDrivers(setting);
  expect(tree).toEqual({
    files: [
      { path: 'a.inf', file: join(setting.base, 'drivers/a.inf') },
      { path: 'b/x.sys', file: join(setting.base, 'drivers/b/x.sys') },
    ],
  });
});

test('digests are handed over for the collector to check', async () => {
  const setting = await settingWith({ 'a.inf': 'y' });
  const lines = [`${digest}  a.inf`, `${digest.toUpperCase()} *./b/x.sys`, '', `${digest}  c d.txt\r`];
  await writeFile(join(setting.base, 'SHA256SUMS'), lines.join('\n'));
  const { digests } = await openDrivers(setting, { digests: 'SHA256SUMS' });
  expect([...(digests ?? [])]).toEqual([
    ['a.inf', digest],
    ['b/x.sys', digest],
    ['c d.txt', digest],
  ]);
  expect(directory.pin({ type: 'directory', path: 'drivers', digests: 'SHA256SUMS' })).toEqual({
    digests: 'SHA256SUMS',
  });
  expect(directory.pin({ type: 'directory', path: 'drivers' })).toEqual({});
});

test('every bad line of the digests is named at once', async () => {
  const setting = await settingWith({ 'a.inf': 'y' });
  const lines = [`${digest}  a.inf`, 'what', `${digest}  a.inf`, `${digest}  ../x`, `\\${digest}  a\\nb`];
  await writeFile(join(setting.base, 'SUMS'), lines.join('\n'));
  await expect(openDrivers(setting, { digests: 'SUMS' })).rejects.toMatchObject({
    kind: 'input',
    problems: [
      { place, message: 'SUMS:2: is not a line of sha256sum: 64 hexadecimal digits, two spaces, a path' },
      { place, message: 'SUMS:3: "a.inf" occurs twice' },
      { place, message: 'SUMS:4: "../x" leads out of its folder with ..' },
      { place, message: expect.stringContaining('SUMS:5: is not a line of sha256sum') },
    ],
  });
});

test('a missing folder, a file in its place and missing digests are named', async () => {
  const setting = await settingWith({ 'a.inf': 'y' });
  await expect(openDrivers(setting, { path: 'gone' })).rejects.toMatchObject({
    kind: 'input',
    problems: [
      { place, message: 'gone: no such folder', hint: 'paths start from the folder of the release file' },
    ],
  });
  await expect(openDrivers(setting, { path: 'drivers/a.inf' })).rejects.toThrow(
    'is a file, expected a folder',
  );
  const noDigests = openDrivers(setting, { digests: 'SUMS' });
  await expect(noDigests).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
  await expect(noDigests).rejects.toThrow(join(setting.base, 'SUMS'));
});

test('links and fifos are refused', async () => {
  const setting = await settingWith({ 'a.inf': 'y' });
  await symlink('/etc/passwd', join(setting.base, 'drivers/link'));
  await expect(openDrivers(setting)).rejects.toMatchObject({
    kind: 'input',
    message: expect.stringContaining('drivers/link: is neither a file nor a folder'),
  });
  const fifos = await settingWith({ 'a.inf': 'y' });
  await execa('mkfifo', [join(fifos.base, 'drivers/fifo')]);
  await expect(openDrivers(fifos)).rejects.toThrow('drivers/fifo: is neither a file nor a folder');
  const digests = await settingWith({ 'a.inf': 'y' });
  await execa('mkfifo', [join(digests.base, 'SUMS')]);
  await expect(openDrivers(digests, { digests: 'SUMS' })).rejects.toThrow('SUMS: is not a regular file');
});

test.each(['name', 'folder'])('a %s that is not UTF-8 is refused', async (kind) => {
  const setting = await settingWith({ 'a.inf': 'y' });
  const bytes = Buffer.concat([Buffer.from(join(setting.base, 'drivers/')), Buffer.from([0xe4, 0x2e])]);
  if (kind === 'name') await writeFile(bytes, 'x');
  else
    await execa('sh', [
      '-c',
      `mkdir "$1/$(printf '\\344')" && touch "$1/$(printf '\\344')/x"`,
      '-',
      join(setting.base, 'drivers'),
    ]);
  const opening = openDrivers(setting);
  await expect(opening).rejects.toMatchObject({ kind: 'input' });
  await expect(opening).rejects.toThrow('is not valid UTF-8');
});

async function settingWith(tree: Readonly<Record<string, string>>): Promise<SourceSetting> {
  const setting = await makeSetting();
  await writeTree(join(setting.base, 'drivers'), tree);
  return setting;
}

function openDrivers(setting: SourceSetting, spec: { path?: string; digests?: string } = {}) {
  return directory.open({ type: 'directory', path: 'drivers', ...spec }, setting.request(), setting.context);
}
