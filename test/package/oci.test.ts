import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { indexSchema, tagOf } from '../../pipeline/formats/oci/image.ts';
import { sha256Of } from '../../pipeline/formats/sums.ts';
import { readManifest } from '../../pipeline/manifest/read.ts';
import { oci } from '../../pipeline/package/oci.ts';
import { type DebOptions, makeDebSetting } from '../builders/deb.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';

/** Packs a release with a fake disc in a new folder. */
async function buildImage(options: DebOptions = {}) {
  const folder = await temporaryFolder('pvdisc-oci-');
  const { input, context } = await makeDebSetting(folder, options);
  const [artifact] = await oci.pack(input, context);
  if (artifact === undefined) throw new Error('no image was made');
  return { ...artifact, folder, disc: input.discs.iso.content };
}

test('an image has the same bytes each time, and is named by its package and version', async () => {
  const [one, other] = await Promise.all([buildImage(), buildImage()]);
  expect(one.name).toBe('pvdisc-sample_0.1.0-1.oci.tar');
  expect(one.content.sha256).toBe(other.content.sha256);
  const bytes = await readFile(one.content.file);
  expect(sha256Of(bytes)).toBe(one.content.sha256);
  expect(bytes.length).toBe(one.content.size);
});

test('another date or package version gives another image, but the same layer', async () => {
  const [first, later] = await Promise.all([
    buildImage(),
    buildImage({ context: { epoch: Date.UTC(2027, 1, 1) / 1000 } }),
  ]);
  expect(later.digest).not.toBe(first.digest);
  const layers = await Promise.all([first, later].map(({ content }) => largestBlob(content.file)));
  expect(layers[0]).toBe(layers[1]);
});

async function largestBlob(file: string): Promise<string | undefined> {
  const { stdout } = await execa('tar', ['--list', '--verbose', '--file', file]);
  const rows = stdout.split('\n').map((line) => line.split(/\s+/));
  return rows.sort((a, b) => Number(b[2]) - Number(a[2]))[0]?.[5];
}

describe.skipIf(lacksTool('skopeo'))('skopeo', () => {
  test('reads the layout, by digest and with labels, for hosts of both architectures', async () => {
    const { content, digest, disc } = await buildImage();
    const source = `oci-archive:${content.file}`;
    const raw = await execa('skopeo', ['inspect', '--raw', source], { stripFinalNewline: false });
    expect(`sha256:${sha256Of(raw.stdout)}`).toBe(digest);
    expect(
      indexSchema.parse(JSON.parse(raw.stdout)).manifests.map(({ platform }) => platform?.architecture),
    ).toEqual(['amd64', 'arm64']);
    const { stdout } = await execa('skopeo', ['--override-arch', 'arm64', 'inspect', source]);
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({ Architecture: 'arm64', Created: '2026-11-20T12:00:00Z' });
    expect(found.Labels).toMatchObject({
      'org.opencontainers.image.title': 'pvdisc-sample',
      'org.opencontainers.image.version': '0.1.0-1',
    });
    expect(disc.size).toBeGreaterThan(0);
  });

  test('unpacks the disc as KubeVirt takes it: one file below /disk, owned by 107, read-only', async () => {
    const { content, folder, disc } = await buildImage();
    await execa('skopeo', ['copy', `oci-archive:${content.file}`, `dir:${join(folder, 'dir')}`]);
    const { layers } = JSON.parse(await readFile(join(folder, 'dir/manifest.json'), 'utf8'));
    const layer = join(folder, 'dir', layers[0].digest.slice('sha256:'.length));
    const options = ['--numeric-owner', '--full-time', '--utc', '--list', '--verbose', '--file', layer];
    const { stdout } = await execa('tar', options);
    expect(stdout.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
      'drwxr-xr-x 107/107 0 1970-01-01 00:00:00 ./disk/',
      `-r--r--r-- 107/107 ${disc.size} 1970-01-01 00:00:00 ./disk/pvdisc-sample-0.1.0.iso`,
    ]);
    const unpacked = await execa(
      'tar',
      ['--to-stdout', '--extract', '--file', layer, './disk/pvdisc-sample-0.1.0.iso'],
      { encoding: 'buffer' },
    );
    expect(sha256Of(Buffer.from(unpacked.stdout))).toBe(disc.sha256);
  });
});

test('a disc of drivers for Xen is refused, since KubeVirt has guests of KVM', async () => {
  const manifest = await readManifest('drivers-manifest/releases/sample-xenpv.yaml');
  await expect(oci.prepare(manifest)).rejects.toMatchObject({
    kind: 'input',
    problems: [
      {
        place: expect.stringMatching(/sample-xenpv\.yaml:\d+: family$/),
        message: 'is xenpv, and a containerDisk of KubeVirt is for guests of KVM',
        hint: 'leave oci out of the formats',
      },
    ],
  });
});

test('a disc that changes while it is packed stops the build', async () => {
  const folder = await temporaryFolder('pvdisc-oci-');
  const { input, context } = await makeDebSetting(folder);
  await appendFile(input.discs.iso.content.file, 'more');
  await expect(oci.pack(input, context)).rejects.toThrow(/changed|more|bytes/);
});

test.each([
  ['1.0-1', '1.0-1'],
  ['1.0+dfsg~rc1-1', '1.0_dfsg_rc1-1'],
])('the version %s has the tag %s', (version, tag) => {
  expect(tagOf(version)).toBe(tag);
});
