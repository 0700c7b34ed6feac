import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLedger } from '../../pipeline/manifest/ledger.ts';
import { readManifest } from '../../pipeline/manifest/read.ts';

const releases = (await readdir('drivers-manifest/releases')).filter((name) => name.endsWith('.yaml'));
const yamls = (await readdir('drivers-manifest', { recursive: true })).filter((name) =>
  name.endsWith('.yaml'),
);

test.each(releases)('drivers-manifest/releases/%s reads without a problem', async (name) => {
  const manifest = await readManifest(join('drivers-manifest/releases', name));
  const driverFiles = yamls.filter((file) => file.startsWith('drivers/'));
  expect(manifest.drivers).toHaveLength(driverFiles.length);
  expect(manifest.targets).toHaveLength(25);
});

test.each(yamls)('%s names its schema for editors', async (name) => {
  const [first = ''] = (await readFile(join('drivers-manifest', name), 'utf8')).split('\n');
  const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)$/.exec(first) ?? [];
  const kind = name.includes('/')
    ? name.slice(0, name.indexOf('/')).replace(/s$/, '')
    : name.replace('.yaml', '');
  expect(join('drivers-manifest', name, '..', schema)).toBe(`drivers-manifest/schema/${kind}.schema.json`);
});

test('every licence text is used', async () => {
  const manifest = await readManifest('drivers-manifest/releases/sample.yaml');
  const used = [...manifest.drivers, ...manifest.fileLicenses].map(({ license }) => license);
  expect([...manifest.licenseFiles.keys()].sort()).toEqual([...new Set(used)].sort());
});

test('no two releases share a name or a package, so that one name never means two discs', async () => {
  const manifests = await Promise.all(
    releases.map((name) => readManifest(join('drivers-manifest/releases', name))),
  );
  const names = manifests.map(({ release }) => release.name);
  const packages = manifests.map(({ release }) => release.package.name);
  expect([...new Set(names)]).toEqual(names);
  expect([...new Set(packages)]).toEqual(packages);
});

test("virtio-win passes on the ledger's newest release", async () => {
  const { upstream, release } = await readManifest('drivers-manifest/releases/virtio-win.yaml');
  const { releases: known } = await readLedger('drivers-manifest/ledger.yaml');
  expect(upstream).toEqual(known[0]);
  expect(release.sources).toMatchObject({ disc: { type: 'http', sha256: known[0]?.sha256 } });
});
