import { describe, expect, test } from 'vitest';
import { silentReporter } from '../../pipeline/core/reporter.ts';
import { planCatalogs } from '../../pipeline/driver-build/plan-catalogs.ts';
import { readOwnTables } from '../../pipeline/manifest/read.ts';
import { targetPath } from '../../pipeline/model/target.ts';
import { openInput } from '../../pipeline/sources/open-input.ts';
import { problemsOf } from '../builders/problems.ts';
import { temporaryFolder } from '../builders/release.ts';
import { type DriverFolderOptions, driverFolder, type Tree, writeTree } from '../builders/tree.ts';

const { drivers, targets } = await readOwnTables();

interface Asked {
  readonly targets?: readonly string[];
  readonly epoch?: number;
}

async function plans(tree: Tree, { targets: names, epoch }: Asked = {}) {
  const folder = await temporaryFolder('pvdisc-catalogs-');
  await writeTree(folder, tree);
  const context = {
    workDir: folder,
    cacheDir: folder,
    signal: new AbortController().signal,
    reporter: silentReporter,
    overrides: new Map(),
  };
  return planCatalogs(await openInput(folder, context), {
    drivers,
    targets,
    ...(names !== undefined && { chosen: targets.filter((row) => names.includes(targetPath(row))) }),
    ...(epoch !== undefined && { epoch }),
  });
}

const driver = (folder: string, options: DriverFolderOptions = {}) =>
  driverFolder(folder, { ...options, inf: { catalog: `${options.name ?? 'viostor'}.cat`, ...options.inf } });

describe('planCatalogs', () => {
  test('plans a catalog for each INF, for the Windows that its folder serves', async () => {
    const made = await plans({ ...driver('Win7/x86', { name: 'netkvm' }), ...driver('Win10/amd64') });
    expect(
      made.map(({ path, inf, files, os, hardwareIds, epoch, ...plan }) => ({
        path,
        inf,
        files: files.map((file) => file.path),
        targets: plan.targets.map(targetPath),
        os,
        hardwareIds,
        epoch,
      })),
    ).toEqual([
      {
        path: 'Win10/amd64/viostor.cat',
        inf: 'Win10/amd64/viostor.inf',
        files: ['Win10/amd64/viostor.inf', 'Win10/amd64/viostor.sys'],
        targets: ['w10/amd64', '2k16/amd64', '2k19/amd64', '2k22/amd64'],
        os: ['_v100_X64', 'Server_v100_X64_RS1', 'Server_v100_X64_RS5', 'Server_v100_X64_21H2'],
        hardwareIds: ['root\\pvdisc_viostor'],
        epoch: Date.UTC(2026, 0, 2) / 1000,
      },
      {
        path: 'Win7/x86/netkvm.cat',
        inf: 'Win7/x86/netkvm.inf',
        files: ['Win7/x86/netkvm.inf', 'Win7/x86/netkvm.sys'],
        targets: ['w7/x86'],
        os: ['7X86'],
        hardwareIds: ['root\\pvdisc_netkvm'],
        epoch: Date.UTC(2026, 0, 2) / 1000,
      },
    ]);
  });

  test('takes the targets that are chosen, as far as the INF has models for them, and the date that is given', async () => {
    const asked = { targets: ['w10/x86', 'w11/amd64'], epoch: 5 };
    const [plan, ...others] = await plans(driver('Win10/amd64'), asked);
    expect(others).toEqual([]);
    expect(plan?.targets.map(targetPath)).toEqual(['w11/amd64']);
    expect(plan?.epoch).toBe(5);
  });

  test('plans a catalog for each architecture of an INF that names two', async () => {
    const options = { inf: { decorations: ['NTx86.10.0', 'NTamd64.10.0'] } };
    const tree = driver('Win10/amd64', options);
    const inf = Buffer.from(tree['Win10/amd64/viostor.inf'] ?? '').toString('latin1');
    const both = inf.replace('CatalogFile = ', 'CatalogFile.ntx86 = x86.cat\r\nCatalogFile = ');
    const made = await plans(
      { ...tree, 'Win10/amd64/viostor.inf': both },
      { targets: ['w10/x86', 'w10/amd64', 'w11/amd64'] },
    );
    expect(made.map(({ path, ...plan }) => [path, ...plan.targets.map(targetPath)])).toEqual([
      ['Win10/amd64/viostor.cat', 'w10/amd64', 'w11/amd64'],
      ['Win10/amd64/x86.cat', 'w10/x86'],
    ]);
  });

  test('finds a catalog that is there by its name without case', async () => {
    const [plan] = await plans({ ...driver('Win10/amd64'), 'Win10/amd64/VIOSTOR.CAT': 'old' });
    expect(plan?.path).toBe('Win10/amd64/VIOSTOR.CAT');
  });

  test('names every problem of every INF at once', async () => {
    const broken = {
      ...driverFolder('Win10/amd64'),
      ...driver('Win10/x86', { without: ['viostor.sys'] }),
      ...driver('Win8/x86', { inf: { driverVer: 'today,1' } }),
      'elsewhere/a.inf': driver('Win7/x86')['Win7/x86/viostor.inf'] ?? '',
      'Win11/amd64/b.inf': 'no section',
    };
    expect(await problemsOf(plans(broken))).toEqual([
      'Win10/amd64/viostor.inf: names no catalog for amd64\n  hint: add "CatalogFile = viostor.cat" to its [Version]',
      'Win10/x86/viostor.inf: names viostor.sys, which is not there\n  hint: put all files of the driver beside the INF',
      'Win11/amd64/b.inf:1: is not a valid INF: text before the first [section]\n  hint: mend the INF',
      'Win8/x86/viostor.inf: has no date in its DriverVer\n  hint: mend it, or set SOURCE_DATE_EPOCH',
      'elsewhere/a.inf: its folder does not say which Windows it is for\n  hint: give --targets, such as --targets w10/amd64,w11/amd64',
    ]);
  });

  test('refuses targets that no INF is for, and a catalog that two INFs name', async () => {
    expect(await problemsOf(plans(driver('Win10/amd64'), { targets: ['w10/x86', 'w10/ARM64'] }))).toEqual([
      'Win10/amd64/viostor.inf: has no models for x86 or ARM64\n  hint: give --targets that the INF is for',
    ]);
    const shared = {
      ...driver('Win10/amd64'),
      ...driver('Win10/amd64', { name: 'netkvm', inf: { catalog: 'Viostor.cat' } }),
    };
    expect(await problemsOf(plans(shared))).toEqual([
      'Win10/amd64/viostor.inf: names the same catalog as Win10/amd64/netkvm.inf: viostor.cat\n  hint: give each INF a catalog of its own',
    ]);
  });
});
