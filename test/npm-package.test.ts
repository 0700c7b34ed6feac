import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { lacksTool } from './builders/needs.ts';
import { temporaryFolder } from './builders/release.ts';

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

test('depends on no other package, as README states: it contains the libraries that it uses', () => {
  expect(readme).toContain('It depends on no other package');
  for (const kind of ['dependencies', 'optionalDependencies', 'peerDependencies'])
    expect(manifest).not.toHaveProperty(kind);
});

test('a program of compiled files alone starts, and they name the licence of each library', async () => {
  const folder = await temporaryFolder('pvdisc-alone-');
  await cp('build', join(folder, 'build'), { recursive: true });
  await cp('package.json', join(folder, 'package.json'));
  const { stdout } = await execa(process.execPath, [join(folder, 'build/cli/index.js'), '--help'], {
    cwd: folder,
  });
  expect(stdout).toContain('pvdisc build');
  const licences = await readFile('build/LICENSES.txt', 'utf8');
  const entries = licences.split(/^-{72}$/m).map((text) => {
    const [, name = '', license = ''] = /^(\S+) \S+ \((.+)\)\n/.exec(text.trimStart()) ?? [];
    return { name, license, lines: text.trim().split('\n').length };
  });
  expect(entries.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['yaml', 'zod', 'pkijs', '@cyclonedx/cyclonedx-library']),
  );
  // The Apache License stands there once at least; one of its packages brings no copy.
  const without = entries.filter(({ license, lines }) => lines < 5 && license !== 'Apache-2.0');
  expect(without).toEqual([]);
});

test.skipIf(lacksTool('npm'))(
  'README states the size, and the package holds program and data, no more',
  async () => {
    const { stdout } = await execa('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']);
    const [{ size, files }] = JSON.parse(stdout) as [{ size: number; files: readonly { path: string }[] }];
    const [, stated = ''] = /The package is (\d+) kB/.exec(readme) ?? [];
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
