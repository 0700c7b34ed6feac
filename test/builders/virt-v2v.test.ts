import { mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { extractDisc, folderContents } from './disc-contents.ts';
import { buildIso } from './iso.ts';
import { lacksTool } from './needs.ts';
import { isTakenByV2v, v2vClashes, v2vFolder, v2vGuests } from './virt-v2v.ts';

test.each([
  ['viostor/w11/amd64/viostor.sys', ['w11 x86_64']],
  ['amd64/w11/viostor.sys', ['w11 x86_64']],
  ['i386/2k8/viostor.sys', ['2k8 i386']],
  ['viostor/2k12R2/amd64/viostor.sys', ['2k12r2 x86_64']],
  ['Drivers/AMD64/W8.1/extra/VIOSTOR.SYS', ['w8.1 x86_64']],
  ['viostor/w11/ARM64/viostor.sys', []],
  ['viostor/amd64/viostor.sys', []],
  ['viostor/w11/amd64.txt', []],
  ['viostor/w11-amd64/viostor.sys', []],
  ['sriov/w10/amd64/netkvm.inf', []],
  ['NetKVM/w10/amd64/vioprot.inf', []],
  ['NetKVM/w10/amd64/netkvm.pdb', []],
  ['README.txt', []],
])('virt-v2v takes %s for %j', (path, guests) => {
  const takers = v2vGuests.filter((guest) => isTakenByV2v(path, guest));
  expect(takers.map(({ os, arch }) => `${os} ${arch}`)).toEqual(guests);
});

test('different files of one name clash, whatever the case; equal ones do not', () => {
  const folder = v2vFolder(
    {
      'viostor/w7/x86/Shared.dll': 'a',
      'netkvm/w7/x86/shared.DLL': 'b',
      'viostor/w7/x86/viostor.sys': 'c',
      'i386/w7/viostor.sys': 'c',
      'netkvm/w7/amd64/viostor.sys': 'd',
    },
    { os: 'w7', arch: 'i386' },
  );
  expect(folder).toEqual({ 'shared.dll': ['a', 'b'], 'viostor.sys': ['c', 'c'] });
  expect(v2vClashes(folder)).toEqual(['shared.dll']);
});

test.skipIf(lacksTool('bsdtar', 'xorriso'))('a link on a disc is told from a file', async () => {
  const iso = join(await mkdtemp(join(inject('runFolder'), 'link-')), 'x.iso');
  const bytes = await buildIso({ 'viostor/w11/amd64/viostor.sys': 'x' }, undefined, (folder) =>
    symlink('viostor', join(folder, 'link')),
  );
  await writeFile(iso, bytes);
  const { files, others } = await folderContents(await extractDisc('bsdtar', iso));
  expect({ files: Object.keys(files), others }).toEqual({
    files: ['viostor/w11/amd64/viostor.sys'],
    others: ['link'],
  });
});
