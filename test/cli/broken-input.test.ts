import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as settings from '../../pipeline/sources/fetch/settings.ts';
import { withCatalog } from '../builders/catalog.ts';
import { pvdisc } from '../builders/command.ts';
import { buildIso } from '../builders/iso.ts';
import { gives, startServer } from '../builders/server.ts';
import { buildTar } from '../builders/tar.ts';
import { driverFolder, type Tree, writeTree } from '../builders/tree.ts';
import { buildZip } from '../builders/zip.ts';

const { fetchSettings } = settings;

/** Disables the delay between attempts at a dead server. */
vi.spyOn(settings, 'fetchSettings').mockImplementation((context) => ({
  ...fetchSettings(context),
  firstWait: 5,
}));
afterAll(() => {
  vi.restoreAllMocks();
});

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pvdisc-broken-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const good = withCatalog(driverFolder('Win10/amd64'));

/** Writes a release over `source` (YAML of the one source) with further lines, builds it, and returns the result. */
async function build(source: string, more = '') {
  const release = join(folder, 'release.yaml');
  const text = `name: pvdisc-sample
version: 0.1.0
title: Test
sources:
  drivers: ${source}
package: { name: pvdisc-sample }
${more}`;
  await writeFile(release, text);
  const out = join(folder, 'out');
  const result = await pvdisc(['build', release, '--out', out], { PVDISC_CACHE: join(folder, 'cache') });
  const left = await readdir(out).catch(() => []);
  return { ...result, left };
}

async function buildTree(tree: Tree, more = '') {
  await writeTree(join(folder, 'drivers'), tree);
  return build('{ type: directory, path: drivers }', more);
}

async function buildFile(name: string, bytes: Uint8Array | string, type = 'archive') {
  await writeFile(join(folder, name), bytes);
  return build(`{ type: ${type}, path: ${name} }`);
}

test('a good tree is built: what the others break is sound', async () => {
  const { exitCode, stderr, left } = await buildTree(good);
  expect({ exitCode, left }, stderr).toEqual({ exitCode: 0, left: ['pvdisc-sample-0.1.0'] });
});

describe('a manifest', () => {
  test('with unknown keys and wrong types names every one with its line', async () => {
    const { exitCode, stderr } = await buildTree(
      good,
      'colour: red\nprofile: thin\nignored: [{ pattern: 3 }]\n',
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain('release.yaml:7: colour: unknown key');
    expect(stderr).toContain('release.yaml:8: profile: must be one of slim, full');
    expect(stderr).toContain(
      'release.yaml:9: ignored.0.pattern: must be text, not a number\n  hint: put it in quotes',
    );
    expect(stderr).toContain(
      'release.yaml:9: ignored.0.reason: is missing\n  hint: add it; see pvdisc schema release',
    );
  });

  test('that is missing is named', async () => {
    const { exitCode, stderr } = await pvdisc(['build', join(folder, 'none.yaml')]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `${join(folder, 'none.yaml')}: no such file\n  hint: check the path\n`,
    });
  });

  test('with a source that is missing on disk names the source and the path', async () => {
    const { exitCode, stderr } = await build('{ type: directory, path: nowhere }');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('sources.drivers');
    expect(stderr).toContain('nowhere');
  });
});

describe('a file that is not what the release means', () => {
  test('of another digest names both digests', async () => {
    const bytes = await buildZip(good);
    await writeFile(join(folder, 'drivers.zip'), bytes);
    const { exitCode, stderr } = await build(
      `{ type: archive, path: drivers.zip, sha256: ${'a'.repeat(64)} }`,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain(createHash('sha256').update(bytes).digest('hex'));
    expect(stderr).toContain('a'.repeat(64));
  });

  test('a web page where an ISO should be is called one, with its title, from disk and from a server', async () => {
    const page = '<!doctype html><html><head><title>Making sure you are not a bot!</title></head></html>';
    const onDisk = await buildFile('virtio-win.iso', page, 'iso');
    expect(onDisk.exitCode).toBe(1);
    expect(onDisk.stderr).toMatch(/this is a web page, not an ISO: "/);
    expect(onDisk.stderr).toContain('Making sure you are not a bot!');

    const { url } = await startServer({ '/virtio-win.iso': gives(page) });
    const pin = `size: ${page.length}, sha256: ${'b'.repeat(64)}`;
    const fetched = await build(`{ type: http, url: "${url}/virtio-win.iso", ${pin} }`);
    expect(fetched.exitCode).toBe(1);
    expect(fetched.stderr).toContain('web page');
    expect(fetched.stderr).toContain('Making sure you are not a bot!');
  });

  test('a server that does not answer is a network failure', async () => {
    const { url } = await startServer({ '/x.zip': (response) => response.destroy() });
    const { exitCode, stderr } = await build(
      `{ type: http, url: "${url}/x.zip", size: 10, sha256: ${'b'.repeat(64)} }`,
    );
    expect(exitCode).toBe(4);
    expect(stderr).toContain(`${url}/x.zip`);
  });

  test.each([
    ['zip', async () => (await buildZip(good)).subarray(0, 500), 'archive'],
    ['tar', async () => (await buildTar(good)).subarray(0, 2000), 'archive'],
    ['iso', async () => (await buildIso(good)).subarray(0, 60_000), 'iso'],
  ])('a truncated %s is called truncated or damaged', async (name, bytes, type) => {
    const { exitCode, stderr, left } = await buildFile(`drivers.${name}`, await bytes(), type);
    expect({ exitCode, left }, stderr).toEqual({ exitCode: 1, left: [] });
    expect(stderr).toMatch(/truncated|damaged/);
  });
});

describe('an archive that reaches out', () => {
  test.each([
    ['../', { name: '../evil.sys' }],
    ['an absolute path', { name: '/etc/evil.sys' }],
    ['a symbolic link', { name: 'Win10/amd64/link.sys', type: 'symlink' as const, linkname: '/etc/passwd' }],
    ['a device node', { name: 'Win10/amd64/null.sys', type: 'character-device' as const }],
  ])('with %s is refused, and the entry is named', async (_what, header) => {
    const { exitCode, stderr, left } = await buildFile('drivers.tar', await buildTar(good, [header]));
    expect({ exitCode, left }).toEqual({ exitCode: 1, left: [] });
    expect(stderr).toContain(header.name);
  });
});

describe('drivers that are broken', () => {
  test('an INF that names a missing file', async () => {
    const { exitCode, stderr } = await buildTree(
      driverFolder('Win10/amd64', { infFiles: ['viostor.sys', 'gone.dll'] }),
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^viostor\/2k16\/amd64\/viostor\.inf:\d+: names "gone\.dll", which is not in its folder \[inf\/missing-file\]$/m,
    );
    expect(stderr).toContain('hint: add the file to the driver build, or remove its name from the INF');
  });

  test('an x86 .sys in an amd64 folder', async () => {
    const { exitCode, stderr } = await buildTree(driverFolder('Win10/amd64', { pe: { arch: 'x86' } }));
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'viostor/2k16/amd64/viostor.sys: machine is x86, expected amd64 [pe/wrong-machine]',
    );
  });

  test('a file that nothing claims', async () => {
    const { exitCode, stderr } = await buildTree({ ...good, 'Win10/amd64/new.exe': 'x', 'notes.txt': 'x' });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('drivers: Win10/amd64/new.exe: is beside viostor.inf, which does not name it');
    expect(stderr).toContain('drivers: notes.txt: belongs to no driver of the manifest and is not ignored');
    expect(stderr).toContain('add it there under "ignored" with a reason');
  });

  test('an ignored entry that matches nothing', async () => {
    const { exitCode, stderr } = await buildTree(good, 'ignored: [{ pattern: "*.vfd", reason: floppies }]\n');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('release.yaml:7: ignored.0.pattern: "*.vfd" matches no file of the sources');
  });
});
