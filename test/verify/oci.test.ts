import { appendFile, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultLimits } from '../../pipeline/core/limits.ts';
import { silentReporter } from '../../pipeline/core/reporter.ts';
import { blobPath, layoutText } from '../../pipeline/formats/oci/image.ts';
import { sha256Of } from '../../pipeline/formats/sums.ts';
import type { Manifest } from '../../pipeline/manifest/manifest.ts';
import { readMetadata } from '../../pipeline/package/metadata/metadata.ts';
import { makeImage } from '../../pipeline/package/oci/image.ts';
import { oci } from '../../pipeline/package/oci.ts';
import { verifyInput } from '../../pipeline/verify/verify.ts';
import { makeDebSetting } from '../builders/deb.ts';
import { temporaryFolder } from '../builders/release.ts';
import { writeTree } from '../builders/tree.ts';

let folder = '';
let archive = '';
let layout = '';
let manifest: Manifest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pvdisc-verify-oci-'));
  const { input, context } = await makeDebSetting(folder, { iso: Buffer.alloc(40_000, 'disc') });
  manifest = input.manifest;
  const [made] = await oci.pack(input, context);
  archive = made?.content.file ?? '';
  layout = join(folder, 'layout');
  await execa('mkdir', [layout]);
  await execa('tar', ['--extract', '--file', archive, '--directory', layout]);
});

afterAll(() => rm(folder, { recursive: true }));

async function verify(path: string) {
  const context = {
    workDir: await temporaryFolder('pvdisc-verify-'),
    cacheDir: '/none',
    signal: new AbortController().signal,
    reporter: silentReporter,
    overrides: new Map(),
  };
  return verifyInput(path, { key: undefined, attestKey: undefined, limits: defaultLimits }, context);
}

const bad = async (path: string) =>
  (await verify(path)).checks.flatMap(({ verdict, place, message }) =>
    verdict === 'bad' ? [`${place}: ${message}`] : [],
  );

test('an image layout is good, as a tar and as a folder', async () => {
  for (const path of [archive, layout]) {
    const { kind, good, checks } = await verify(path);
    expect({ kind, good, verdicts: checks.map(({ verdict }) => verdict) }).toEqual({
      kind: 'oci',
      good: true,
      verdicts: ['good', 'not-judged'],
    });
    expect(checks[0]?.message).toMatch(/^1 image \(0\.1\.0-1\): digests match/);
  }
});

describe('a damaged layout is bad', () => {
  /** Copies the layout and returns the path of the copy, and of its largest blob, the layer. */
  async function copy() {
    const path = join(await temporaryFolder('pvdisc-layout-'), 'layout');
    await cp(layout, path, { recursive: true });
    const blobs = join(path, 'blobs/sha256');
    const names = await readdir(blobs);
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(blobs, name))).size));
    const layer = names[sizes.indexOf(Math.max(...sizes))] ?? '';
    return { path, blobs, layer };
  }

  test('one byte of the layer', async () => {
    const { path, blobs, layer } = await copy();
    const bytes = await readFile(join(blobs, layer));
    bytes[3000] = 0;
    await writeFile(join(blobs, layer), bytes);
    expect(await bad(path)).toEqual([expect.stringMatching(/layout\/blobs\/sha256\/.*: has sha256 /)]);
  });

  test('a missing document, and one that belongs to no image', async () => {
    const { path, blobs, layer } = await copy();
    const document = (await readdir(blobs)).find((name) => name !== layer) ?? '';
    await rm(join(blobs, document));
    await writeFile(join(blobs, 'other'), '{}');
    const found = await bad(path);
    expect(found).toContainEqual(expect.stringMatching(`${document}: is missing`));
    expect(found).toContainEqual(expect.stringMatching('other: belongs to no image'));
  });

  test('another version of the layout', async () => {
    const { path } = await copy();
    await writeFile(join(path, 'oci-layout'), '{"imageLayoutVersion":"2.0.0"}');
    expect(await bad(path)).toEqual([expect.stringMatching('is not that of an image layout 1.0.0')]);
  });

  test.each([
    ['another owner', ['--owner=0', '--group=0'], 'disk', /is owned by 0:0 .*, not by 107/],
    ['another folder', ['--owner=107', '--group=107'], 'disks', /is not one disc below \/disk/],
  ])('%s, where all digests fit', async (_, options, name, problem) => {
    const path = await temporaryFolder('pvdisc-layout-');
    await writeTree(path, { [`${name}/a.iso`]: 'disc' });
    await execa('tar', [
      ...options,
      '--create',
      '--file',
      join(path, 'layer.tar'),
      '--directory',
      path,
      name,
    ]);
    const layer = await readFile(join(path, 'layer.tar'));
    const { sha256, size } = { sha256: sha256Of(layer), size: layer.length };
    const metadata = await readMetadata(manifest);
    const { documents, layoutIndex } = makeImage({ manifest, metadata, layer: { sha256, size }, epoch: 0 });
    const other = join(path, 'other');
    await writeTree(other, {
      'oci-layout': layoutText,
      'index.json': layoutIndex.text,
      ...Object.fromEntries(documents.map(({ descriptor, text }) => [blobPath(descriptor.digest), text])),
      [blobPath(`sha256:${sha256}`)]: layer,
    });
    expect(await bad(other)).toContainEqual(expect.stringMatching(problem));
  });

  test('bytes after the end of the tar, and a tar that is cut off', async () => {
    const file = join(await temporaryFolder('pvdisc-cut-'), 'cut.oci.tar');
    const bytes = await readFile(archive);
    await writeFile(file, bytes.subarray(0, bytes.length - 3000));
    expect(await bad(file)).not.toEqual([]);
    await writeFile(file, bytes);
    await appendFile(file, 'more');
    expect(await bad(file)).not.toEqual([]);
  });
});
