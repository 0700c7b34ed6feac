import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { inspect } from '../../pipeline/inspect/inspect.ts';
import { type Inspection, inspectionSchema } from '../../pipeline/inspect/inspection-schema.ts';
import { openInput } from '../../pipeline/inspect/open-input.ts';
import { readOwnTables } from '../../pipeline/manifest/read.ts';
import { authenticodeDigest } from '../../pipeline/windows/authenticode.ts';
import { withCatalog } from '../builders/catalog.ts';
import { makeRelease, temporaryFolder } from '../builders/release.ts';
import { driverFolder, type Tree, writeTree } from '../builders/tree.ts';

async function inspected(tree: Tree): Promise<Inspection> {
  const folder = await temporaryFolder('pvdisc-inspected-');
  await writeTree(folder, tree);
  const { context } = await makeRelease();
  const inspection = await inspect(await openInput(folder, context), await readOwnTables(), context);
  expect(inspectionSchema.parse(inspection)).toEqual(inspection);
  return inspection;
}

const bytesOf = (content: Uint8Array | string | undefined) => Buffer.from(content ?? '');

test('build output: every INF is a package, with facts and the digests of its files', async () => {
  const tree = withCatalog(driverFolder('Win11/amd64'));
  const { packages, files, problems } = await inspected({ ...tree, 'Win11/notes.txt': 'x' });
  const sys = bytesOf(tree['Win11/amd64/viostor.sys']);
  const infPath = 'Win11/amd64/viostor.inf';
  expect(packages).toMatchObject([
    {
      driver: 'viostor',
      target: { os: 'w11', arch: 'amd64' },
      inf: infPath,
      driverVer: '01/02/2026,0.1.0.1',
      signature: 'self-signed',
      verdict: { integrity: 'good', uncovered: [], trust: 'self-signed', signer: 'pvdisc test' },
      loads: 'test-signing',
    },
  ]);
  expect(packages[0]?.files.map(({ path }) => path)).toEqual([
    'Win11/amd64/viostor.cat',
    infPath,
    'Win11/amd64/viostor.sys',
  ]);
  expect(packages[0]?.files[2]).toEqual({
    path: 'Win11/amd64/viostor.sys',
    sha256: createHash('sha256').update(sys).digest('hex'),
    size: sys.length,
    authenticode: { sha1: authenticodeDigest(sys, 'sha1'), sha256: authenticodeDigest(sys, 'sha256') },
  });
  expect(files.map(({ path }) => path)).toEqual([...Object.keys(tree), 'Win11/notes.txt'].sort());
  expect(files.at(-1)).toEqual({
    path: 'Win11/notes.txt',
    sha256: createHash('sha256').update('x').digest('hex'),
    size: 1,
  });
  expect(problems).toEqual([]);
});

test('a catalog that does not hold a file makes the package unsigned, and a finding says so', async () => {
  const { packages, findings } = await inspected(
    withCatalog(driverFolder('Win11/amd64'), { omit: ['viostor.sys'] }),
  );
  expect(packages).toMatchObject([
    { signature: 'unsigned', verdict: { trust: 'self-signed', uncovered: ['Win11/amd64/viostor.sys'] } },
  ]);
  expect(findings.filter(({ path }) => path === 'Win11/amd64/viostor.sys')).not.toEqual([]);
});

test('a driver that no manifest knows, for a Windows that no folder names', async () => {
  const tree = driverFolder('Win11/amd64', { name: 'other' });
  const moved = Object.fromEntries(
    Object.entries(tree).map(([path, bytes]) => [path.replace('Win11/amd64', 'drop'), bytes]),
  );
  const { packages } = await inspected(moved);
  expect(packages).toMatchObject([{ driver: 'other', target: { os: '?' }, inf: 'drop/other.inf' }]);
  expect(packages[0]).not.toHaveProperty('loads');
});

test('an INF that cannot be read is a problem, and the others are shown', async () => {
  const { packages, problems } = await inspected({
    ...driverFolder('Win11/amd64'),
    'Win10/x86/bad.inf': Buffer.alloc(9 * 2 ** 20, 0x41),
  });
  expect(packages.map(({ inf }) => inf)).toEqual(['Win11/amd64/viostor.inf']);
  expect(problems).toEqual([
    {
      place: 'Win10/x86/bad.inf',
      message: expect.stringMatching(/^is not a valid INF: /),
      hint: 'Windows cannot read it either: get the INF again from the driver build',
    },
  ]);
});

test('a folder without drivers holds none', async () => {
  const { packages, files, findings } = await inspected({ 'a.txt': 'x' });
  expect({ packages, findings, files: files.length }).toEqual({ packages: [], findings: [], files: 1 });
});
