import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashFile } from '../../pipeline/system/files.ts';
import { type BuiltRelease, builtSample } from '../builders/built-release.ts';
import { pvdisc } from '../builders/command.ts';
import { type DebianRoot, lacksDebian, makeDebianRoot } from '../builders/debian-root.ts';
import { type FolderServer, serveFolder } from '../builders/folder-server.ts';
import { type GpgKey, makeGpgKey } from '../builders/gpg-key.ts';
import { lacksTool } from '../builders/needs.ts';
import { makeReleaseFolder } from '../builders/package.ts';

const isSkipped =
  lacksTool('apt-ftparchive', 'gpg', 'gpgconf', 'dpkg-deb', 'xorriso', 'zstd', 'xz') || (await lacksDebian());

describe.skipIf(isSkipped)('a host with the repository of a release', () => {
  let work: string;
  let key: GpgKey;
  let server: FolderServer;
  let sample: BuiltRelease;
  let debian: DebianRoot;

  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), 'pvdisc-apt-host-'));
    key = await makeGpgKey();
    server = await serveFolder(join(work, 'apt'));
    sample = await builtSample();
    debian = await makeDebianRoot();
    const published = await publish(sample.folder);
    await copyFile(join(work, 'apt/pvdisc.gpg'), join(debian.folder, 'usr/share/keyrings/pvdisc.gpg'));
    await debian.run('rm', '-f', '/etc/apt/sources.list');
    await writeFile(join(debian.folder, 'etc/apt/sources.list.d/pvdisc.sources'), published.sources);
  });

  afterAll(async () => {
    await debian?.remove();
    await server?.close();
    await key?.remove();
    await rm(work, { recursive: true, force: true });
  });

  async function publish(folder: string): Promise<{ sources: string; added: readonly string[] }> {
    const options = ['--apt', join(work, 'apt'), '--key', key.id, '--url', server.url, '--json'];
    const { stdout, stderr } = await pvdisc(['publish', ...options, folder], { GNUPGHOME: key.home });
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  }

  /** Returns the output of apt on a new host. */
  async function apt(...args: string[]): Promise<string> {
    const words = ['-o', 'Acquire::Retries=0', ...args];
    const script = 'apt-get -y --no-install-recommends "$@" 2>&1; echo "exit code $?"';
    return debian.run('sh', '-c', script, 'sh', ...words);
  }

  async function forget(): Promise<void> {
    server.damage(undefined);
    await debian.run('sh', '-c', 'rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb');
  }

  test('updates, by hash and without a word of complaint, and installs the disc', async () => {
    const update = await apt('update');
    expect(update).toMatch(/exit code 0$/);
    expect(update).not.toMatch(/^[EWN]:/m);
    const asked = server.asked.filter((path) => path.includes('Packages') || path.includes('by-hash'));
    expect(asked).toEqual([
      expect.stringMatching(/^\/dists\/stable\/main\/binary-\w+\/by-hash\/SHA256\/\w{64}$/),
    ]);
    expect(await apt('install', 'pvdisc-sample')).toMatch(/exit code 0$/);
    const disc = await hashFile(join(debian.folder, 'usr/share/virtio-win', sample.record.iso.name));
    expect(disc.sha256).toBe(sample.record.iso.sha256);
    expect(await apt('purge', 'pvdisc-sample')).toMatch(/exit code 0$/);
  });

  test.each([
    ['InRelease', /dists\/stable\/InRelease$/, /is not signed|BADSIG|invalid/],
    ['the index', /by-hash\/SHA256\/\w+$/, /Hash Sum mismatch|unexpected size/],
  ])('refuses the repository when one byte of %s is changed', async (_name, pattern, words) => {
    await forget();
    server.damage(pattern);
    const update = await apt('update');
    expect(update).toMatch(words);
    expect(update).toMatch(/exit code 100$/);
    expect(await apt('install', 'pvdisc-sample')).toMatch(/Unable to locate package[\s\S]*exit code 100$/);
  });

  test('refuses the package when one byte of it is changed', async () => {
    await forget();
    expect(await apt('update')).toMatch(/exit code 0$/);
    server.damage(/\.deb$/);
    const install = await apt('install', 'pvdisc-sample');
    expect(install).toMatch(/Hash Sum mismatch/);
    expect(install).toMatch(/exit code 100$/);
    await expect(debian.run('dpkg', '-s', 'pvdisc-sample')).rejects.toMatchObject({ exitCode: 1 });
  });

  test('refuses what another key signed', async () => {
    await forget();
    const other = await makeGpgKey('other@example.invalid');
    try {
      const root = join(work, 'other');
      await pvdisc(['publish', '--apt', root, '--key', other.id, sample.folder], { GNUPGHOME: other.home });
      server.serve(root);
      // The words of gpgv, and of sqv in Debian 13.
      expect(await apt('update')).toMatch(/(?:NO_PUBKEY|Missing key)[\s\S]*exit code 100$/);
    } finally {
      server.serve(join(work, 'apt'));
      await other.remove();
    }
  });

  test('gets the next version by an upgrade, and can go back to the older one', async () => {
    await forget();
    const old = /_(.*)_all\.deb$/.exec(sample.deb)?.[1] ?? '';
    const next = { name: 'pvdisc-sample', version: '99.0-1', content: 'next' };
    await apt('update');
    expect(await apt('install', 'pvdisc-sample')).toMatch(/exit code 0$/);
    const { added } = await publish(await makeReleaseFolder(join(work, 'next'), [next]));
    expect(added).toEqual(['pool/stable/main/p/pvdisc-sample/pvdisc-sample_99.0-1_all.deb']);
    expect(await apt('update')).toMatch(/exit code 0$/);
    expect(await apt('upgrade')).toMatch(/exit code 0$/);
    expect(await readFile(join(debian.folder, 'usr/share/pvdisc-sample/content'), 'utf8')).toBe('next');
    expect(await apt('install', '--allow-downgrades', `pvdisc-sample=${old}`)).toMatch(/exit code 0$/);
    const version = await debian.run('dpkg-query', '-W', '-f', '$' + '{Version}', 'pvdisc-sample');
    expect(version).toBe(old);
  });
});
