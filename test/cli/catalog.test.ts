import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCatalog } from '../../pipeline/formats/catalog/catalog.ts';
import { pvdisc } from '../builders/command.ts';
import { temporaryFolder } from '../builders/release.ts';
import { driverFolder, writeTree } from '../builders/tree.ts';

async function build() {
  const folder = await temporaryFolder('pvdisc-build-');
  const driver = driverFolder('Win10/amd64', { inf: { catalog: 'viostor.cat' } });
  await writeTree(
    folder,
    Object.fromEntries(
      Object.entries(driver).map(([path, bytes]) => [path.slice('Win10/amd64/'.length), bytes]),
    ),
  );
  return { folder, catalog: join(folder, 'viostor.cat') };
}

describe('pvdisc catalog', () => {
  test('writes the catalog of a folder for the targets that it is told, and says so', async () => {
    const { folder, catalog } = await build();
    const targets = ['--targets', '2k16/amd64,w10/amd64'];
    expect(await pvdisc(['catalog', folder, ...targets], { SOURCE_DATE_EPOCH: '1700000000' })).toEqual({
      exitCode: 0,
      stdout:
        'viostor.cat: new, version 2, 2 files, for w10/amd64, 2k16/amd64\nThese catalogs are unsigned: sign them, and the drivers, with pvdisc sign.\n',
      stderr: '',
    });
    const { os, thisUpdate } = parseCatalog(await readFile(catalog));
    expect({ os, thisUpdate }).toEqual({
      os: ['_v100_X64', 'Server_v100_X64_RS1'],
      thisUpdate: '2023-11-14T22:13:20.000Z',
    });
    const again = await pvdisc(['catalog', folder, ...targets, '--json']);
    expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--replace overwrites it') });
  });

  test('prints JSON for a program, and takes the date of the INF where none is given', async () => {
    const { folder, catalog } = await build();
    const { exitCode, stdout } = await pvdisc(['catalog', folder, '--targets', 'w10/amd64', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      catalogs: [
        {
          path: 'viostor.cat',
          inf: 'viostor.inf',
          targets: ['w10/amd64'],
          version: 2,
          files: ['viostor.inf', 'viostor.sys'],
          state: 'new',
        },
      ],
    });
    expect(parseCatalog(await readFile(catalog)).thisUpdate).toBe('2026-01-02T00:00:00.000Z');
  });

  test('refuses what it cannot do, and writes nothing', async () => {
    const { folder } = await build();
    const refused = async (...args: string[]) => pvdisc(['catalog', ...args]);
    expect(await refused(folder)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /^viostor\.inf: its folder does not say which Windows it is for\n {2}hint: /,
      ),
    });
    expect(await refused(folder, '--targets', 'w10/amd64,w12/amd64')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^--targets w10\/amd64,w12\/amd64: no target w12\/amd64\n/),
    });
    expect(await refused(join(folder, 'nowhere'))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no such folder'),
    });
    expect(await refused(join(folder, 'viostor.inf'))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('is not a folder'),
    });
    expect(await readdir(folder)).not.toContain('viostor.cat');
  });

  test('says that a folder has no INF', async () => {
    const folder = await temporaryFolder('pvdisc-build-');
    expect(await pvdisc(['catalog', folder])).toMatchObject({ exitCode: 0, stdout: 'no INF there\n' });
  });
});
