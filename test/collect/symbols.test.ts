import { expect, test } from 'vitest';
import { isLeftOut, isOnDisc, symbolsDiscFiles } from '../../pipeline/collect/collect.ts';
import type { FurtherPackage } from '../../pipeline/manifest/package-schema.ts';
import type { CollectedFile } from '../../pipeline/model/driver-tree.ts';
import { makeRelease } from '../builders/release.ts';

async function manifestOf(profile: 'slim' | 'full', also: readonly FurtherPackage[]) {
  const { manifest } = await makeRelease({ release: { profile, package: { name: 'test-disc', also } } });
  return manifest;
}

function file(path: string, origin = path): CollectedFile {
  const content = { file: `/${path}`, sha256: '', size: 0 };
  return { path, content, origin: { source: 'drivers', path: origin }, role: 'payload' };
}

test.each([
  ['full', [], true, false],
  ['full', ['symbols'], true, false],
  ['slim', [], false, true],
  ['slim', ['symbols'], false, false],
  ['slim', ['drivers'], false, true],
] as const)('debug symbols in the %s profile with %j', async (profile, also, onDisc, leftOut) => {
  const manifest = await manifestOf(profile, also);
  expect({ onDisc: isOnDisc(manifest, 'a/B.PDB'), leftOut: isLeftOut(manifest, 'a/B.PDB') }).toEqual({
    onDisc,
    leftOut,
  });
  expect({ onDisc: isOnDisc(manifest, 'a/b.sys'), leftOut: isLeftOut(manifest, 'a/b.sys') }).toEqual({
    onDisc: true,
    leftOut: false,
  });
});

test('what goes on their disc are the .pdb files, whatever they are to their drivers', async () => {
  const manifest = await manifestOf('slim', ['symbols']);
  const files = [file('a/w10/x86/a.PDB'), file('a/w10/x86/a.sys'), file('agent/b.pdb')];
  expect(symbolsDiscFiles(manifest, files).map(({ path }) => path)).toEqual([
    'a/w10/x86/a.PDB',
    'agent/b.pdb',
  ]);
  expect(symbolsDiscFiles(await manifestOf('full', []), files)).toEqual([]);
});

test('two files for one path, case ignored, are told with where they come from', async () => {
  const manifest = await manifestOf('slim', ['symbols']);
  expect(() =>
    symbolsDiscFiles(manifest, [file('a/x.pdb', 'one/x.pdb'), file('a/X.pdb', 'two/X.pdb')]),
  ).toThrow(
    'a/X.pdb: is the path of two files on the disc of debug symbols: drivers: one/x.pdb and drivers: two/X.pdb\n' +
      '  hint: rename one of the two, or leave one out under "ignored" in the release',
  );
});

test('a package can be asked for once', async () => {
  await expect(manifestOf('slim', ['symbols', 'symbols'])).rejects.toThrow(
    'package.also: names one package twice',
  );
  await expect(manifestOf('slim', ['disc' as FurtherPackage])).rejects.toThrow('package.also.0: ');
});
