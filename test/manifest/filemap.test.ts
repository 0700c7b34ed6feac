import { readFileSync } from 'node:fs';
import semver from 'semver';
import { beforeAll, describe, expect, test } from 'vitest';
import { servedTargets } from '../../pipeline/collect/claims.ts';
import type { DriverEntry, Manifest } from '../../pipeline/manifest/manifest.ts';
import { readManifest } from '../../pipeline/manifest/read.ts';
import { isBuiltFor, isSelected } from '../../pipeline/model/selection.ts';
import { targetPath } from '../../pipeline/model/target.ts';
import { lacksFile } from '../builders/needs.ts';

/** Upstream's mapping (virtio-win-pkg-scripts, util/filemap.py), as JSON. */
interface FileMap {
  /** Driver to build folder to the targets that it serves. */
  readonly driver_os_map: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly drivers: Readonly<
    Record<string, { readonly dest: Readonly<Record<string, { files: readonly string[] }>> }>
  >;
}

const file = '../shared/reference/filemap.json';
const isAbsent = lacksFile(file);
const fileMap: FileMap = isAbsent
  ? { driver_os_map: {}, drivers: {} }
  : JSON.parse(readFileSync(file, 'utf8'));

/** What is in upstream's map and no driver of ours: loose files, and qemupciserial's second copy for Red Hat's product. */
const isDriver = ([driver]: [string, unknown]) => driver !== 'cert' && driver !== 'debug';
const folders = Object.entries(fileMap.driver_os_map)
  .filter(isDriver)
  .flatMap(([driver, map]) =>
    Object.entries(map)
      .filter(([folder]) => folder !== './rhel')
      .map(([folder, targets]): [string, string, readonly string[]] => [driver, folder, targets]),
  );
const lists = Object.entries(fileMap.drivers).filter(isDriver);

/** Programs and libraries of upstream's lists that the drivers' real INFs name (Win7 and Win8.1 of ../shared/reference/drivers). */
const namedByInf: Readonly<Record<string, readonly string[]>> = {
  qxl: ['qxldd.dll'],
  sriov: ['netkvmno.dll', 'netkvmp.exe'],
  viorng: ['viorngci.dll', 'viorngum.dll'],
};

describe.skipIf(isAbsent)("upstream's mapping", () => {
  let manifest: Manifest;
  beforeAll(async () => {
    manifest = await readManifest('drivers-manifest/releases/sample.yaml');
  });

  test('is there', () => {
    expect({ folders: folders.length, drivers: lists.length }).toEqual({ folders: 163, drivers: 19 });
  });

  test.each(folders)('%s in %s serves the same targets', (name, folder, targets) => {
    const path = folder === './' ? '.' : folder;
    const driver = driverNamed(manifest, name);
    const served = servedTargets(manifest, driver, 'drivers', path).filter((target) =>
      isSelected(manifest.release, { driver, target }),
    );
    expect(served.map(targetPath).sort()).toEqual([...targets].sort());
  });

  test.each(lists.map(([name]) => name))('%s is built for the targets that upstream has', (name) => {
    const upstream = folders.flatMap(([driver, , targets]) => (driver === name ? targets : []));
    const driver = driverNamed(manifest, name);
    const ours = manifest.targets.filter(
      (target) => isBuiltFor(driver, target) && isSelected(manifest.release, { driver, target }),
    );
    expect(ours.map(targetPath).sort()).toEqual([...new Set(upstream)].sort());
  });

  test.each(lists)(
    '%s has the same files that no INF names as extras, target by target',
    (name, { dest }) => {
      const driver = driverNamed(manifest, name);
      const targets = Object.entries(dest).map(([target, { files }]) => ({
        target,
        upstream: files.filter((listed) => !isNamedOrSymbols(name, listed)).sort(),
        ours: extrasFor(manifest, driver, target).sort(),
      }));
      const ours = Object.fromEntries(targets.map((row) => [row.target, row.ours]));
      expect(ours).toEqual(Object.fromEntries(targets.map((row) => [row.target, row.upstream])));
    },
  );
});

test.skipIf(isAbsent)('our drivers and theirs are the same, but for our samples', async () => {
  const { drivers } = await readManifest('drivers-manifest/releases/sample.yaml');
  const ours = drivers
    .filter(({ name, family }) => family === 'virtio' && !name.startsWith('sample'))
    .map(({ name }) => name);
  expect(ours.sort()).toEqual(lists.map(([name]) => name).sort());
});

function driverNamed(manifest: Manifest, name: string): DriverEntry {
  const driver = manifest.drivers.find((entry) => entry.name === name);
  if (driver === undefined) throw new Error(`the manifest has no driver ${name}`);
  return driver;
}

function isNamedOrSymbols(driver: string, file: string): boolean {
  if (/\.(inf|cat|sys|pdb)$|^WdfCoInstaller\d+\.dll$/.test(file)) return true;
  return namedByInf[driver]?.includes(file) === true;
}

function extrasFor(manifest: Manifest, { extras }: DriverEntry, target: string): string[] {
  const row = manifest.targets.find((candidate) => targetPath(candidate) === target);
  if (row === undefined) throw new Error(`the manifest has no target ${target}`);
  return extras.filter(({ windows = '*' }) => semver.satisfies(row.version, windows)).map(({ file }) => file);
}
