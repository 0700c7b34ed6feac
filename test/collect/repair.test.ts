import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { collect } from '../../pipeline/collect/collect.ts';
import { readManifest } from '../../pipeline/manifest/read.ts';
import { validate } from '../../pipeline/validate/validate.ts';
import { type CatalogOptions, withCatalog } from '../builders/catalog.ts';
import { collectRelease, makeRelease } from '../builders/release.ts';
import { driverFolder, type Tree } from '../builders/tree.ts';
import { realDrivers } from '../formats/reference.ts';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const release = { repair: ['line-endings'] };
const inf = 'Win10/amd64/viostor.inf';

/** A driver whose INF is stored with LF, and its bytes when the catalog was made. */
function damaged(catalog: CatalogOptions = {}): { files: Tree; signed: Buffer; stored: Buffer } {
  const files = withCatalog(driverFolder('Win10/amd64', { inf: { catalog: 'viostor.cat' } }), catalog);
  const signed = Buffer.from(files[inf] ?? '');
  const stored = Buffer.from(signed.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
  return { files: { ...files, [inf]: stored }, signed, stored };
}

test('an INF that its catalog does not hold gets the line ends that it holds, at every place on the disc', async () => {
  const { files, signed, stored } = damaged();
  const { tree } = await collectRelease({ files, release });
  const origin = { source: 'drivers', path: inf };
  expect(tree.repairs).toEqual(
    ['2k22', 'w10'].map((os) => ({
      path: `viostor/${os}/amd64/viostor.inf`,
      method: 'line-endings',
      from: sha256(stored),
      to: sha256(signed),
      origin,
    })),
  );
  const infs = tree.files.filter(({ role }) => role === 'inf');
  expect(infs.map(({ content, origin: from }) => [content.sha256, content.size, from])).toEqual(
    infs.map(() => [sha256(signed), signed.length, origin]),
  );
  expect(infs).toHaveLength(2);
  expect(await readFile(infs[0]?.content.file ?? '')).toEqual(signed);
});

test('each repair is told, and the driver counts as signed', async () => {
  const made = await makeRelease({ files: damaged().files, release });
  const tree = await collect.run(made.manifest, made.context);
  const { findings, drivers } = await validate.run({ manifest: made.manifest, tree }, made.context);
  const told = findings.filter(({ rule }) => rule === 'inf/line-endings-repaired');
  expect(told.map(({ path, severity }) => [path, severity])).toEqual([
    ['viostor/2k22/amd64/viostor.inf', 'info'],
    ['viostor/w10/amd64/viostor.inf', 'info'],
  ]);
  expect(drivers.map(({ signature }) => signature)).toEqual(['self-signed', 'self-signed']);
});

test('not repaired when the release does not ask for it', async () => {
  const { files, stored } = damaged();
  const { tree } = await collectRelease({ files });
  expect(tree.repairs).toEqual([]);
  expect(tree.files.find(({ role }) => role === 'inf')?.content.sha256).toBe(sha256(stored));
});

test.each([
  ['when nothing matches', damaged({ omit: ['viostor.inf'] }).files],
  ['when the catalog holds another text', damaged({ instead: { 'viostor.inf': 'other\r\n' } }).files],
  ['when the catalog cannot be read', { ...damaged().files, 'Win10/amd64/viostor.cat': 'x' }],
  ['when there is no catalog', driverFolder('Win10/amd64')],
  ['when it is right as it is', withCatalog(driverFolder('Win10/amd64'))],
])('not repaired %s', async (_when, files) => {
  const { tree } = await collectRelease({ files, release });
  expect(tree.repairs).toEqual([]);
  expect(tree.files.find(({ role }) => role === 'inf')?.content.sha256).toBe(sha256(files[inf] ?? ''));
});

test('a repair that does not exist is refused by the manifest', async () => {
  await expect(makeRelease({ files: damaged().files, release: { repair: ['everything'] } })).rejects.toThrow(
    /repair\.0: .*line-endings/,
  );
});

test.skipIf(realDrivers === undefined)(
  'the legacy release: 52 INFs are repaired, and every catalog holds its package',
  async () => {
    const { context } = await makeRelease();
    const manifest = await readManifest('drivers-manifest/releases/virtio-win-legacy.yaml');
    const overrides = new Map([['drivers', realDrivers ?? '']]);
    const tree = await collect.run(manifest, { ...context, overrides });
    expect(new Set(tree.repairs.map(({ origin }) => origin.path)).size).toBe(52);
    const { drivers } = await validate.run({ manifest, tree }, context);
    expect(drivers.length).toBeGreaterThan(100);
    expect(
      drivers.filter(({ signature, verdict }) => signature === 'unsigned' || verdict.uncovered.length > 0),
    ).toEqual([]);
  },
);
