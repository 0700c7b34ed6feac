import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { lacksTool } from './builders/needs.ts';

const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const readme = await readFile('README.md', 'utf8');

test('package.json says what the package is, and whom to ask', () => {
  const { name, description, keywords, homepage, bugs, author, repository, license, engines, bin } = manifest;
  expect({ name, license, bin }).toEqual({
    name: 'pvdisc',
    license: 'BSD-3-Clause',
    bin: { pvdisc: 'build/cli/index.js' },
  });
  for (const text of [description, author, engines.node]) expect(text).toMatch(/\S{3}/);
  for (const url of [homepage, bugs, repository.url]) expect(URL.canParse(url)).toBe(true);
  expect([...keywords].sort()).toEqual(keywords);
  expect(keywords.length).toBeGreaterThan(5);
  expect(manifest).not.toHaveProperty('private');
  expect(manifest.publishConfig).toEqual({ access: 'public', provenance: true });
});

test('URLs and author are those of the Debian package', async () => {
  const upstream = await readFile('debian/upstream/metadata', 'utf8');
  expect(upstream).toContain(`Repository: ${manifest.repository.url.replace('git+', '')}\n`);
  expect(upstream).toContain(`Bug-Database: ${manifest.bugs}\n`);
  const control = await readFile('debian/control', 'utf8');
  expect(control).toContain(`Homepage: ${manifest.homepage}\n`);
  expect(control).toContain(`Maintainer: ${manifest.author}\n`);
});

test('nothing runs when the package is installed', () => {
  const scripts = Object.keys(manifest.scripts);
  const atInstall = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare'];
  expect(scripts.filter((name) => atInstall.includes(name))).toEqual([]);
});

test('no package that it depends on runs a script when it is installed', async () => {
  const dependencies = await productionDependencies();
  expect(dependencies.filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([]);
});

test('README states the number of packages', async () => {
  const [, stated = ''] = /(\d+) packages that it depends on/.exec(readme) ?? [];
  expect((await productionDependencies()).length).toBe(Number(stated));
});

test.skipIf(lacksTool('npm'))(
  'README states the size, and the package holds program and data, no more',
  async () => {
    const { stdout } = await execa('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']);
    const [{ size, files }] = JSON.parse(stdout) as [{ size: number; files: readonly { path: string }[] }];
    const [, stated = ''] = /The package has (\d+) kB/.exec(readme) ?? [];
    const most = Number(stated) * 1000;
    expect(size).toBeLessThanOrEqual(most);
    expect(size).toBeGreaterThan(most * 0.8);
    const paths = files.map(({ path }) => path);
    expect([...new Set(paths.map((path) => path.split('/')[0]))].sort()).toEqual(
      ['LICENSE', 'README.md', 'build', 'debian', 'docs', 'drivers-manifest', 'package.json'].sort(),
    );
    expect(paths).toEqual(
      expect.arrayContaining([
        'build/cli/index.js',
        'debian/host/virtio-win',
        'drivers-manifest/releases/sample.yaml',
        'drivers-manifest/ledger.yaml',
      ]),
    );
  },
);

interface Locked {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
}

async function productionDependencies(): Promise<[string, Locked][]> {
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    packages: Record<string, Locked>;
  };
  return Object.entries(packages).filter(
    ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional,
  );
}
