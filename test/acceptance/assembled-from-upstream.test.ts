import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { readRelease } from '../builders/built-release.ts';
import { pvdisc } from '../builders/command.ts';
import { debChangelog, debMetadata } from '../builders/deb.ts';
import { sha256Of } from '../builders/ledger.ts';
import { lacksTool } from '../builders/needs.ts';
import { writeRelease } from '../builders/release.ts';
import { upstreamDisc, upstreamTree } from '../builders/upstream-disc.ts';

const ignored = [
  { pattern: '{amd64,i386,ARM64}/**', reason: 'pvdisc writes these folders anew, from the drivers' },
  { pattern: 'data/info.json', reason: 'pvdisc writes its own' },
  { pattern: 'virtio-win-{gt-*.msi,guest-tools.exe}', reason: 'installers, which install other drivers' },
];
const files = [
  { source: 'disc', from: 'guest-agent', to: 'guest-agent', license: 'BSD-3-Clause' },
  { source: 'disc', from: 'cert', to: 'cert' },
  { source: 'disc', from: 'virtio-win_license.txt', to: 'virtio-win_license.txt' },
];

async function assemble(source: (disc: Buffer) => object, tree = {}) {
  const disc = await upstreamDisc(tree);
  const { control, copyright, changelog } = debMetadata('1-1');
  const { folder, file } = await writeRelease({
    texts: {
      'debian/control': control.replace('Package: pvdisc-sample', 'Package: test-disc'),
      'debian/copyright': copyright,
      'debian/changelog': changelog,
      'debian/test-disc.changelog': debChangelog('test-disc', '1.2.3-1'),
    },
    release: {
      profile: 'slim',
      sources: { disc: source(disc) },
      ignored,
      files,
      package: { name: 'test-disc', metadata: 'debian' },
    },
  });
  await writeFile(join(folder, 'upstream.iso'), disc);
  const out = join(folder, 'dist');
  const use = ['--use', `disc=${join(folder, 'upstream.iso')}`];
  const env = { PVDISC_CACHE: join(folder, 'cache') };
  const run = await pvdisc(['build', file, '--out', out, '--quiet', ...use], env);
  return { ...run, folder, out };
}

/** Files of upstream's disc that ours must have at the same path: all but symbols, installers and the list of drivers. */
const kept = Object.keys(upstreamTree())
  .filter((path) => !/\.pdb$|^data\/|^virtio-win-/.test(path))
  .sort();

describe.skipIf(lacksTool('xorriso', 'zstd'))("a slim disc assembled from upstream's", () => {
  test.each([
    ['iso', (disc: Buffer) => ({ type: 'iso', path: 'upstream.iso', sha256: sha256Of(disc) })],
    [
      'http',
      (disc: Buffer) => ({
        type: 'http',
        url: 'https://example.invalid/virtio-win.iso',
        sha256: sha256Of(disc),
        size: disc.length,
      }),
    ],
  ])('source of type %s: every file is at its path, with its bytes', async (_type, source) => {
    const { exitCode, stderr, out, folder } = await assemble(source);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const { record, iso } = await readRelease(out);
    expect(record).toMatchObject({ kind: 'assembled', profile: 'slim' });
    const own = ['LICENSES/BSD-3-Clause.txt', 'README.txt', 'data/info.json', 'index.html', 'install.cmd'];
    const unattend = record.targets?.map(({ os, arch }) => `unattend/${os}-${arch}.xml`) ?? [];
    expect(record.iso.files.map(({ path }) => path)).toEqual([...own, ...unattend, ...kept].sort());

    const unpacked = join(folder, 'unpacked');
    await execa('xorriso', ['-no_rc', '-osirrox', 'on', '-indev', iso, '-extract', '/', unpacked]);
    const tree = upstreamTree();
    for (const path of kept)
      expect((await readFile(join(unpacked, path))).equals(Buffer.from(tree[path] ?? '')), path).toBe(true);

    const info = JSON.parse(await readFile(join(unpacked, 'data/info.json'), 'utf8'));
    const infs = kept.filter((path) => /^(viostor|NetKVM)\/.*\.inf$/.test(path));
    expect(info.drivers.map((driver: { inf_path: string }) => driver.inf_path).sort()).toEqual(infs);
    for (const { inf_path: inf, windows_version: os, arch, driver_version: version } of info.drivers) {
      expect(inf.split('/').slice(1, 3)).toEqual([os, arch]);
      expect(String(tree[inf])).toContain(`DriverVer = ${version}`);
    }
    await execa('chmod', ['-R', 'u+w', unpacked]);
  });

  test('a file that nobody knows stops it and is named', async () => {
    const source = () => ({ type: 'iso', path: 'upstream.iso' });
    const { exitCode, stderr } = await assemble(source, { 'surprise.bin': 'x' });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('disc: surprise.bin: belongs to no driver of the manifest and is not ignored');
  });
});
