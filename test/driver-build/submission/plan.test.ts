import { describe, expect, test } from 'vitest';
import { planSubmission } from '../../../pipeline/driver-build/submission/plan.ts';
import { readOwnTables } from '../../../pipeline/manifest/read.ts';
import type { CollectedFile, DriverPackage } from '../../../pipeline/model/driver-tree.ts';

const { targets } = await readOwnTables();

/** A driver package in its folder of the disc; equal `content` gives equal files. */
function driverPackage(
  folder: string,
  inf: string,
  content: string,
  { symbols = true, catalog = true } = {},
) {
  const [driver = '', os = '', arch = ''] = folder.split('/');
  const base = inf.replace(/\.inf$/, '');
  const names = [inf, `${base}.sys`, ...(catalog ? [`${base}.cat`] : [])];
  const files = [...names, ...(symbols ? [`${base}.pdb`] : [])].map(
    (name): CollectedFile => ({
      path: `${folder}/${name}`,
      content: { file: name, sha256: `${content} ${name}`, size: 1 },
      origin: { source: 'drivers', path: name },
      role: 'payload',
    }),
  );
  const made = {
    driver,
    target: { os, arch: arch as DriverPackage['target']['arch'] },
    inf: `${folder}/${inf}`,
    files: names.map((name) => `${folder}/${name}`),
    missing: [],
    ...(catalog && { catalogPath: `${folder}/${base}.cat` }),
  };
  return { files, made };
}

function plan(...packages: readonly ReturnType<typeof driverPackage>[]) {
  const files = packages.flatMap((one) => one.files);
  return planSubmission({ targets }, { files, symbols: [], packages: packages.map(({ made }) => made) });
}

describe('planSubmission', () => {
  test('gives each architecture a cabinet, and equal packages one folder', () => {
    const { cabinets, tooOld } = plan(
      driverPackage('viostor/w10/amd64', 'viostor.inf', 'ten'),
      driverPackage('viostor/w11/amd64', 'viostor.inf', 'ten'),
      driverPackage('viostor/2k25/amd64', 'viostor.inf', 'new'),
      driverPackage('viostor/w11/ARM64', 'viostor.inf', 'arm'),
      driverPackage('viostor/w7/amd64', 'viostor.inf', 'old'),
    );
    const shown = cabinets.map(({ arch, folders }) => [
      arch,
      folders.map(({ folder, paths, files }) => [folder, paths, [...files.keys()]]),
    ]);
    const names = ['viostor.cat', 'viostor.inf', 'viostor.pdb', 'viostor.sys'];
    expect(shown).toEqual([
      ['ARM64', [['viostor-w11', ['viostor/w11/ARM64'], names]]],
      [
        'amd64',
        [
          ['viostor-2k25', ['viostor/2k25/amd64'], names],
          ['viostor-w10', ['viostor/w10/amd64', 'viostor/w11/amd64'], names],
        ],
      ],
    ]);
    expect(tooOld).toEqual(['viostor/w7/amd64/viostor.inf']);
  });

  test('names folders as Microsoft wants them, each once', () => {
    const long = `a very long & strange näme ${'x'.repeat(40)}.inf`;
    const { cabinets } = plan(
      driverPackage('one/w10/amd64', long, '1'),
      driverPackage('two/w10/amd64', long, '2'),
      driverPackage('two/w10/amd64', 'second.inf', '3'),
    );
    const names = cabinets.flatMap(({ folders }) => folders.map(({ folder }) => folder));
    expect(names).toHaveLength(3);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,39}$/);
  });

  test('lists what lacks a catalog or symbols', () => {
    const { withoutCatalog, withoutSymbols } = plan(
      driverPackage('viostor/w10/amd64', 'viostor.inf', '1', { catalog: false }),
      driverPackage('vioscsi/w10/amd64', 'vioscsi.inf', '2', { symbols: false }),
    );
    expect(withoutCatalog).toEqual(['viostor/w10/amd64/viostor.inf']);
    expect(withoutSymbols).toEqual(['vioscsi/w10/amd64/vioscsi.sys']);
  });
});
