import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { releaseDocuments } from '../../pipeline/attest/documents.ts';
import { recordedInputs } from '../../pipeline/attest/inputs.ts';
import type { Statement } from '../../pipeline/attest/provenance.ts';
import { readManifest } from '../../pipeline/manifest/read.ts';
import { readPackageInputs } from '../../pipeline/package/package-inputs.ts';
import { builtSample } from '../builders/built-release.ts';
import { sha256Of } from '../builders/ledger.ts';
import { temporaryFolder } from '../builders/release.ts';

const repository = join(import.meta.dirname, '../..');
const disc = { iso: { files: [] } } as never;

test('the provenance names each file that went into the sample besides its sources, with its digest', async () => {
  const { record } = await builtSample();
  const { resolvedDependencies } = provenanceOf(record).predicate.buildDefinition;
  const paths = new Map([
    ['release/sample.yaml', 'drivers-manifest/releases/sample.yaml'],
    ['manifest/targets.yaml', 'drivers-manifest/targets.yaml'],
    ['manifest/licenses.yaml', 'drivers-manifest/licenses.yaml'],
    ['manifest/drivers/sampleblk.yaml', 'drivers-manifest/drivers/sampleblk.yaml'],
    ['manifest/licenses/BSD-3-Clause.txt', 'drivers-manifest/licenses/BSD-3-Clause.txt'],
    ['metadata/control', 'debian/control'],
    ['metadata/changelog', 'debian/changelog'],
    ['metadata/copyright', 'debian/copyright'],
    ['metadata/pvdisc-sample-drivers.lintian-overrides', 'debian/pvdisc-sample-drivers.lintian-overrides'],
  ]);
  for (const [name, path] of paths) {
    const sha256 = sha256Of(await readFile(join(repository, path)));
    expect(resolvedDependencies.filter((one) => one.name === name)).toEqual([{ name, digest: { sha256 } }]);
  }
  const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'));
  expect(resolvedDependencies.at(-1)).toEqual({
    name: 'pvdisc',
    digest: { dirHash: record.inputs?.own },
    annotations: { version },
  });
  expect(resolvedDependencies.map(({ name }) => name)).not.toContain('manifest/ledger.yaml');
  expect(JSON.stringify(resolvedDependencies)).not.toContain(repository);
});

test('a record without inputs gives a provenance without them, as before there were any', async () => {
  const { record } = await builtSample();
  const { inputs: _, ...older } = record;
  const { resolvedDependencies } = provenanceOf(older).predicate.buildDefinition;
  expect(resolvedDependencies.map(({ name }) => name)).toEqual(['drivers']);
});

test('one changed byte of any of these files changes its digest, and a copy elsewhere none', async () => {
  const folder = await temporaryFolder('pvdisc-inputs-');
  for (const name of ['drivers-manifest', 'debian'])
    await cp(join(repository, name), join(folder, name), { recursive: true });
  const release = join(folder, 'drivers-manifest/releases/own.yaml');
  const text = await readFile(join(repository, 'drivers-manifest/releases/sample.yaml'), 'utf8');
  await writeFile(
    release,
    `manifest: ..\n${text.replace('\npackage:\n', '\npackage:\n  metadata: ../../debian\n')}`,
  );
  const before = await inputsOf(release);
  const original = await inputsOf(join(repository, 'drivers-manifest/releases/sample.yaml'));
  expect([...before].filter(([name]) => !name.startsWith('release/'))).toEqual(
    [...original].filter(([name]) => !name.startsWith('release/')),
  );
  for (const [name, path] of [
    ['manifest/targets.yaml', 'drivers-manifest/targets.yaml'],
    ['manifest/drivers/viostor.yaml', 'drivers-manifest/drivers/viostor.yaml'],
    ['metadata/control', 'debian/control'],
    ['release/own.yaml', 'drivers-manifest/releases/own.yaml'],
  ] as const) {
    const bytes = await readFile(join(folder, path));
    await writeFile(join(folder, path), Buffer.concat([bytes, Buffer.from('\n')]));
    const after = await inputsOf(release);
    await writeFile(join(folder, path), bytes);
    expect([...after].filter(([key, sha256]) => before.get(key) !== sha256)).toEqual([
      [name, sha256Of(Buffer.concat([bytes, Buffer.from('\n')]))],
    ]);
  }
});

test('lists that a source is checked against are named as the release names them, and upstream discs by the ledger', async () => {
  const legacy = await inputsOf(join(repository, 'drivers-manifest/releases/virtio-win-legacy.yaml'));
  expect([...legacy.keys()]).toContain('release/virtio-win-legacy.listing');
  const upstream = await inputsOf(join(repository, 'drivers-manifest/releases/virtio-win.yaml'));
  expect([...upstream.keys()]).toContain('manifest/ledger.yaml');
  expect([...upstream.keys()]).toContain('metadata/virtio-win.changelog');
});

test('the key of a signed source is named, so that nobody takes it for an unsigned one', async () => {
  const folder = await temporaryFolder('pvdisc-inputs-');
  const manifest = join(repository, 'drivers-manifest');
  const text = await readFile(join(manifest, 'releases/sample.yaml'), 'utf8');
  const signed = 'type: archive\n    path: x.zip\n    signature: { key: maker.asc }';
  const release = join(folder, 'own.yaml');
  await writeFile(
    release,
    `manifest: ${manifest}\n${text
      .replace('type: sample', signed)
      .replace('\npackage:\n', `\npackage:\n  metadata: ${join(repository, 'debian')}\n`)}`,
  );
  await writeFile(join(folder, 'maker.asc'), 'a key');
  expect((await inputsOf(release)).get('release/maker.asc')).toBe(sha256Of(Buffer.from('a key')));
});

async function inputsOf(release: string): Promise<Map<string, string>> {
  const manifest = await readManifest(release);
  const { files } = await recordedInputs(manifest, disc, await readPackageInputs(manifest));
  return new Map(files.map(({ name, sha256 }) => [name, sha256]));
}

function provenanceOf(record: Parameters<typeof releaseDocuments>[0]): Statement {
  const document = releaseDocuments(record).find(({ name }) => name.endsWith('.intoto.json'));
  return JSON.parse(document?.text ?? '');
}
