import { expect, test } from 'vitest';
import type { Arch } from '../../../pipeline/formats/windows/targets.ts';
import type { DiscFile, DriverPackage, FileRole } from '../../../pipeline/model/driver-tree.ts';
import { driversTree } from '../../../pipeline/package/host/drivers-tree.ts';

/** A file with its content as digest. */
function file(path: string, sha256: string, role: FileRole = 'payload'): DiscFile {
  return {
    path,
    content: { file: `/source/${sha256}`, sha256, size: 3 },
    origin: { source: 's', path },
    role,
  };
}

function packageOf(driver: string, os: string, arch: Arch): DriverPackage {
  return { driver, target: { os, arch }, inf: `${driver}/${os}/${arch}/x.inf`, files: [], missing: [] };
}

function tree(files: readonly DiscFile[], packages: readonly DriverPackage[]) {
  const { entries, apart } = driversTree({ files, packages }, 'd');
  return {
    apart,
    paths: entries.map((entry) => `${entry.path}${'target' in entry ? ` -> ${entry.target}` : ''}`).sort(),
  };
}

test('a file lies by driver and by Windows, stored under its shortest path', () => {
  const files = [file('viostor/w7/x86/a.sys', 'one'), file('viostor/w11/ARM64/sub/a.sys', 'two')];
  const packages = [packageOf('viostor', 'w7', 'x86'), packageOf('viostor', 'w11', 'ARM64')];
  const { entries } = driversTree({ files, packages }, 'd');
  expect(entries[0]).toEqual({
    kind: 'file',
    path: 'd/by-os/i386/w7/a.sys',
    mode: 0o644,
    size: 3,
    content: { file: '/source/one', sha256: 'one' },
  });
  expect(tree(files, packages)).toEqual({
    apart: [],
    paths: [
      'd/by-driver/viostor/w11/ARM64/sub/a.sys -> d/by-os/ARM64/w11/sub/a.sys',
      'd/by-driver/viostor/w7/x86/a.sys -> d/by-os/i386/w7/a.sys',
      'd/by-os/ARM64/w11/sub/a.sys',
      'd/by-os/i386/w7/a.sys',
    ],
  });
});

test('a content is stored once, wherever it lies', () => {
  const files = [file('b/w10/amd64/shared.dll', 'same'), file('a/2k16/amd64/shared.dll', 'same')];
  const { paths } = tree(files, [packageOf('a', '2k16', 'amd64'), packageOf('b', 'w10', 'amd64')]);
  expect(paths).toEqual([
    'd/by-driver/a/2k16/amd64/shared.dll -> d/by-os/amd64/w10/shared.dll',
    'd/by-driver/b/w10/amd64/shared.dll -> d/by-os/amd64/w10/shared.dll',
    'd/by-os/amd64/2k16/shared.dll -> d/by-os/amd64/w10/shared.dll',
    'd/by-os/amd64/w10/shared.dll',
  ]);
});

test('debug symbols lie by driver only, and what belongs to no driver lies nowhere', () => {
  const files = [file('a/w10/amd64/a.pdb', 'one', 'symbols'), file('guest-agent/a.msi', 'two', 'companion')];
  expect(tree(files, [packageOf('a', 'w10', 'amd64')]).paths).toEqual(['d/by-driver/a/w10/amd64/a.pdb']);
});

test('a driver with another file of a name that is taken, in whatever case, lies apart as a whole', () => {
  const files = [
    file('NetKVM/w10/amd64/vioprot.inf', 'one'),
    file('sriov/w10/amd64/VIOPROT.INF', 'two'),
    file('sriov/w10/amd64/b.sys', 'three'),
    file('sriov/w7/amd64/b.sys', 'four'),
  ];
  const packages = [
    packageOf('NetKVM', 'w10', 'amd64'),
    packageOf('sriov', 'w10', 'amd64'),
    packageOf('sriov', 'w7', 'amd64'),
  ];
  const { apart, paths } = tree(files, packages);
  expect(apart).toEqual(['sriov/w10/amd64/']);
  expect(paths.filter((path) => path.includes('by-os/') && !path.startsWith('d/by-driver'))).toEqual([
    'd/by-os/amd64/w10/sriov/VIOPROT.INF',
    'd/by-os/amd64/w10/sriov/b.sys',
    'd/by-os/amd64/w10/vioprot.inf',
    'd/by-os/amd64/w7/b.sys',
  ]);
});
