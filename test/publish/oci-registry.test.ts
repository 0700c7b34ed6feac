import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checksumsText, sha256Of } from '../../pipeline/formats/sums.ts';
import { oci } from '../../pipeline/package/oci.ts';
import { pvdisc } from '../builders/command.ts';
import { debMetadata, makeDebSetting } from '../builders/deb.ts';
import { lacksTool } from '../builders/needs.ts';
import { type Registry, startRegistry } from '../builders/registry.ts';

/** A folder of a release with only an image. */
interface ImageRelease {
  readonly folder: string;
  readonly digest: string;
  readonly iso: string;
}

describe.skipIf(lacksTool('skopeo', 'docker-registry'))('pvdisc publish --oci', () => {
  let work = '';
  let registry: Registry;
  let first: ImageRelease;
  let second: ImageRelease;
  /** Another image of the first one's version. */
  let moved: ImageRelease;

  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), 'pvdisc-registry-'));
    registry = await startRegistry(work);
    [first, second, moved] = await Promise.all([
      makeRelease('first', '0.1.0-1', 'one'),
      makeRelease('second', '0.1.0-2', 'two'),
      makeRelease('moved', '0.1.0-1', 'other'),
    ]);
  });

  afterAll(async () => {
    await registry.stop();
    await rm(work, { recursive: true });
  });

  async function makeRelease(
    name: string,
    version: string,
    content: string,
    fileName?: string,
  ): Promise<ImageRelease> {
    const base = join(work, name);
    await mkdir(base);
    const iso = Buffer.alloc(50_000, content);
    const { input, context } = await makeDebSetting(base, { iso, metadata: debMetadata(version) });
    const [artifact] = await oci.pack(input, context);
    if (artifact === undefined) throw new Error('no image was made');
    const folder = join(base, 'release');
    await mkdir(folder);
    const file = fileName ?? artifact.name;
    await rename(artifact.content.file, join(folder, file));
    await writeFile(
      join(folder, 'SHA256SUMS'),
      checksumsText([{ name: file, sha256: artifact.content.sha256 }]),
    );
    return { folder, digest: artifact.digest ?? '', iso: sha256Of(iso) };
  }

  const publish = (to: string, ...releases: ImageRelease[]) =>
    pvdisc(['publish', '--oci', to, ...releases.map(({ folder }) => folder)]);

  test('a pull by digest and one by version give the disc byte by byte', async () => {
    const repository = `${registry.address}/virt/pull`;
    const { exitCode, stdout, stderr } = await publish(repository, first, second);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`${repository}: 2 images, 2 new\n  0.1.0-1  ${first.digest}\n`);
    const names = [
      [`@${first.digest}`, first],
      [':0.1.0-2', second],
    ] as const;
    for (const [name, { iso }] of names) {
      const to = await mkdtemp(join(work, 'pulled-'));
      await execa('skopeo', ['copy', '--src-tls-verify=false', `docker://${repository}${name}`, `dir:${to}`]);
      const { layers } = JSON.parse(await readFile(join(to, 'manifest.json'), 'utf8'));
      const layer = join(to, basename(layers[0].digest.replace(':', '/')));
      const { stdout: disc } = await execa(
        'tar',
        ['--extract', '--to-stdout', '--file', layer, './disk/pvdisc-sample-0.1.0.iso'],
        { encoding: 'buffer' },
      );
      expect(sha256Of(Buffer.from(disc))).toBe(iso);
    }
  });

  test('a version that is there stays: published again it is noted, another image is refused before any push', async () => {
    const repository = `${registry.address}/virt/stays`;
    await publish(repository, first);
    expect((await publish(repository, first)).stdout).toContain('1 image, 0 new\n');
    const { exitCode, stderr } = await publish(repository, second, moved);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /is sha256:\w+, but .*\/stays:0\.1\.0-1 is sha256:\w+\n {2}hint: a published version/,
    );
    const tags = await execa('skopeo', ['list-tags', '--tls-verify=false', `docker://${repository}`]);
    expect(JSON.parse(tags.stdout).Tags).toEqual(['0.1.0-1']);
  });

  test('two images of one tag in one run are refused, whatever their names', async () => {
    const to = `${registry.address}/virt/two`;
    const { exitCode, stderr } = await publish(to, first, moved);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('differs from the package of the same name in a release before it');
    const named = await makeRelease('named', '0.1.0-1', 'again', 'other_0.1.0-1.oci.tar');
    const renamed = await publish(to, first, named);
    expect(renamed.exitCode).toBe(1);
    expect(renamed.stderr).toMatch(/has the tag 0\.1\.0-1, as another image.*\n {2}hint: give each release/);
  });

  test('what it prints for KubeVirt and podman names the digest, and no moving tag', async () => {
    const repository = `${registry.address}/virt/snippets`;
    const { stdout } = await publish(repository, first);
    const yaml = stdout.slice(stdout.indexOf('domain:'), stdout.indexOf('# The disc as a file'));
    const image = `${repository}@${first.digest}`;
    expect(parse(yaml)).toEqual({
      domain: { devices: { disks: [{ name: 'virtio-win', cdrom: { bus: 'sata', readonly: true } }] } },
      volumes: [{ name: 'virtio-win', containerDisk: { image } }],
    });
    expect(stdout).toContain(`podman create --name virtio-win-disc ${image} none\n`);
    expect(stdout).toContain('podman cp virtio-win-disc:/disk/pvdisc-sample-0.1.0.iso .\n');
    expect(stdout).not.toContain('latest');
  });

  test('oci:DIR is one layout of several releases, which verify finds good', async () => {
    const layout = join(work, 'layout');
    expect((await publish(`oci:${layout}`, first, second)).exitCode).toBe(0);
    const page = await readFile(join(layout, 'index.html'), 'utf8');
    for (const { digest } of [first, second]) expect(page).toContain(digest.replace('sha256:', ''));
    expect(page).toContain('compare the digests with those from another place');
    expect(page).toContain('oci:.:0.1.0-2 docker://REGISTRY/REPOSITORY:0.1.0-2');
    const again = await publish(`oci:${layout}`, first, moved);
    expect(again.exitCode).toBe(1);
    const { exitCode, stdout } = await pvdisc(['verify', layout]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('2 images (0.1.0-1, 0.1.0-2): digests match');
  });

  test('a registry that does not answer is a failure of the network', async () => {
    const { exitCode, stderr } = await publish('127.0.0.1:9/virt/none', first);
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(
      /^127\.0\.0\.1:9\/virt\/none:0\.1\.0-1: .*connection refused\n {2}hint: check the address/,
    );
  });

  test('an image that changed after the build is refused', async () => {
    const changed = await makeRelease('changed', '0.1.0-3', 'three');
    const file = join(changed.folder, 'pvdisc-sample_0.1.0-3.oci.tar');
    const bytes = await readFile(file);
    bytes[20_000] = 0;
    await writeFile(file, bytes);
    const { exitCode, stderr } = await publish(`${registry.address}/virt/changed`, changed);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('but SHA256SUMS says');
  });
});

test.each([
  'https://r.example/x',
  'r.example/x:1.0',
  'r.example/X',
  'r.example',
  'oci:',
  `r.example/x@sha256:0`,
])('the repository %s is refused', async (name) => {
  const { exitCode, stderr } = await pvdisc(['publish', '--oci', name, 'dist']);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringMatching(/^--oci .*: must be .*\n {2}hint: see pvdisc publish --help\n$/),
  });
});
