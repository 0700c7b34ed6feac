import { expect, test } from 'vitest';
import type { LoadCondition } from '../../../pipeline/formats/windows/signing-policy.ts';
import type { Arch } from '../../../pipeline/formats/windows/targets.ts';
import type { DriverFacts } from '../../../pipeline/model/driver-facts.ts';
import type { DiscFile, DriverPackage, FileRole } from '../../../pipeline/model/driver-tree.ts';
import { loadableFiles } from '../../../pipeline/package/host/loadable-files.ts';
import { unsignedDriver } from '../../builders/deb.ts';
import { v2vFolder } from '../../builders/virt-v2v.ts';

interface Inf {
  readonly inf: string;
  readonly loads: LoadCondition | undefined;
}

/** Returns the loadable paths of INFs, each with a `.sys`, and other files. */
function loadable(infs: readonly Inf[], others: readonly (readonly [string, FileRole])[] = []): string[] {
  const paths = infs.flatMap(({ inf }): [string, FileRole][] => [
    [inf, 'inf'],
    [inf.replace('.inf', '.sys'), 'payload'],
  ]);
  const files = [...paths, ...others].map(
    ([path, role]): DiscFile => ({
      path,
      content: { file: `/source/${path}`, sha256: path, size: 3 },
      origin: { source: 's', path },
      role,
    }),
  );
  const packages = infs.map(({ inf }): DriverPackage => {
    const [driver = '', os = '', arch = ''] = inf.split('/');
    return { driver, target: { os, arch: arch as Arch }, inf, files: [], missing: [] };
  });
  const facts = infs.map(({ inf, loads }): DriverFacts => {
    const { loads: _, ...rest } = unsignedDriver('w10');
    return { ...rest, inf, ...(loads === undefined ? {} : { loads }) };
  });
  return loadableFiles({ files, packages }, facts).map(({ path }) => path);
}

test.each([
  ['always', true],
  ['secure-boot', true],
  ['without-secure-boot', true],
  ['test-signing', false],
  ['never', false],
  [undefined, false],
] as const)('what loads %s: %s', (loads, isThere) => {
  const found = loadable([{ inf: 'viostor/w8.1/amd64/viostor.inf', loads }]);
  expect(found).toEqual(isThere ? ['viostor/w8.1/amd64/viostor.inf', 'viostor/w8.1/amd64/viostor.sys'] : []);
});

test('a folder is there as a whole or not at all', () => {
  const found = loadable([
    { inf: 'pvpanic/w8/amd64/pvpanic.inf', loads: 'always' },
    { inf: 'pvpanic/w8/amd64/pvpanic-pci.inf', loads: 'test-signing' },
    { inf: 'pvpanic/w7/amd64/pvpanic.inf', loads: 'always' },
  ]);
  expect(found).toEqual(['pvpanic/w7/amd64/pvpanic.inf', 'pvpanic/w7/amd64/pvpanic.sys']);
});

test('the guest agent is there, and debug symbols and other companions are not', () => {
  const infs = [{ inf: 'viostor/w10/amd64/viostor.inf', loads: 'secure-boot' }] as const;
  const found = loadable(infs, [
    ['viostor/w10/amd64/viostor.pdb', 'symbols'],
    ['viostor/w10/amd64/readme.doc', 'extra'],
    ['guest-agent/qemu-ga-x86_64.msi', 'companion'],
    ['cert/ca.cer', 'companion'],
  ]);
  expect(found).toEqual([
    'viostor/w10/amd64/viostor.inf',
    'viostor/w10/amd64/viostor.sys',
    'viostor/w10/amd64/readme.doc',
    'guest-agent/qemu-ga-x86_64.msi',
  ]);
});

test('virt-v2v finds what the Windows loads, and else nothing', () => {
  const paths = loadable([
    { inf: 'viostor/w7/amd64/viostor.inf', loads: 'always' },
    { inf: 'viostor/w8.1/amd64/viostor.inf', loads: 'test-signing' },
    { inf: 'NetKVM/w8.1/x86/netkvm.inf', loads: 'without-secure-boot' },
  ]);
  const files = Object.fromEntries(paths.map((path) => [path, path]));
  const names = (os: string, arch: 'i386' | 'x86_64') => Object.keys(v2vFolder(files, { os, arch }));
  expect(names('w7', 'x86_64')).toEqual(['viostor.inf', 'viostor.sys']);
  expect(names('w8.1', 'x86_64')).toEqual([]);
  expect(names('w8.1', 'i386')).toEqual(['netkvm.inf', 'netkvm.sys']);
});
