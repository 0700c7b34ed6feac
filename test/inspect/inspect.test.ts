import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { authenticodeDigest } from '../../pipeline/formats/pe/signature.ts';
import { inspect } from '../../pipeline/inspect/inspect.ts';
import { type Inspection, inspectionSchema } from '../../pipeline/inspect/inspection-schema.ts';
import { readOwnTables } from '../../pipeline/manifest/read.ts';
import { openInput } from '../../pipeline/sources/open-input.ts';
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
  expect(packages.map(({ target }) => target)).toEqual([
    { os: 'w11', arch: 'amd64' },
    { os: '2k25', arch: 'amd64' },
  ]);
  expect(packages.slice(0, 1)).toMatchObject([
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
  const state = { signature: 'unsigned', verdict: { trust: 'self-signed' } };
  expect(packages).toMatchObject([state, state]);
  expect(packages[0]?.verdict.uncovered).toEqual(['Win11/amd64/viostor.sys']);
  expect(findings.filter(({ path }) => path === 'Win11/amd64/viostor.sys')).not.toEqual([]);
});

/** Targets of the driver, in order, such as `w10/x86`. */
const targetsOf = ({ packages }: Inspection) =>
  packages.map(({ target }) => `${target.os}/${target.arch}`).join(' ');

test.each([
  ['a build folder', 'Win8/amd64', 'w8/amd64 2k12/amd64'],
  ['a build folder in another case, below others', 'out/wIN8.1/AMD64', 'w8.1/amd64 2k12R2/amd64'],
  ['a build folder of two Windows', 'Wnet/amd64', 'xp/amd64 2k3/amd64'],
  ['a folder as on the disc', 'viostor/2k12/amd64', '2k12/amd64'],
])('%s is shown for every target that it serves', async (_what, folder, expected) => {
  const tree = driverFolder('Win8/amd64');
  const moved = Object.entries(tree).map(([path, bytes]) => [path.replace('Win8/amd64', folder), bytes]);
  expect(targetsOf(await inspected(Object.fromEntries(moved)))).toBe(expected);
});

test("a driver's own folders go before those of targets.yaml", async () => {
  const tree = driverFolder('Win7/x86', { name: 'qxldod' });
  const own = 'out/spice-qxl-wddm-dod-8.1-compatible/x86';
  const moved = Object.entries(tree).map(([path, bytes]) => [path.replace('Win7/x86', own), bytes]);
  expect(targetsOf(await inspected(Object.fromEntries(moved)))).toBe('w8/x86 w8.1/x86');
});

test('what Windows Setup loads by itself is the same package once more, unless it differs', async () => {
  const tree = driverFolder('Win11/amd64', { extras: { 'viostor.pdb': 'x' } });
  const copyOf = (bytes: Tree[string] | undefined, name: string) => ({
    [`$WinPEDriver$/amd64/viostor/${name}`]: bytes ?? '',
  });
  const inf = copyOf(tree['Win11/amd64/viostor.inf'], 'viostor.inf');
  const sys = copyOf(tree['Win11/amd64/viostor.sys'], 'viostor.sys');
  expect(targetsOf(await inspected({ ...tree, ...inf, ...sys }))).toBe('w11/amd64 2k25/amd64');
  for (const other of [copyOf('', 'viostor.sys'), {}])
    expect(targetsOf(await inspected({ ...tree, ...inf, ...other }))).toBe('?/amd64 w11/amd64 2k25/amd64');
  expect(targetsOf(await inspected({ ...inf, ...sys }))).toBe('?/amd64');
});

test('what an INF names and its folder lacks is in the inspection', async () => {
  const { packages } = await inspected(
    driverFolder('Win7/x86', { infFiles: ['viostor.sys', 'gone.dll'], inf: { catalog: 'gone.cat' } }),
  );
  expect(packages.map(({ missing }) => missing)).toEqual([['gone.cat', 'gone.dll']]);
});

test('what is wrong with a file is one finding, for however many targets its folder serves', async () => {
  const { findings } = await inspected(
    driverFolder('Win10/amd64', { infFiles: ['viostor.sys', 'gone.dll'] }),
  );
  expect(findings.filter(({ rule }) => rule === 'inf/missing-file')).toHaveLength(1);
});

test.each([
  ['the binaries say it', 'drop', [], '?/x86'],
  ['the INF says it', 'drop', ['viostor.sys'], '?/x86'],
  ['the path says it', 'drop/arm64', ['viostor.sys'], '?/ARM64'],
])('the architecture of a folder without a target: %s', async (_what, folder, without, expected) => {
  const tree = driverFolder('Win10/x86', { without });
  const moved = Object.entries(tree).map(([path, bytes]) => [path.replace('Win10/x86', folder), bytes]);
  expect(targetsOf(await inspected(Object.fromEntries(moved)))).toBe(expected);
});

test.each([
  ['a build folder', 'Win10/amd64', 'x86', ['machine is x86, expected amd64']],
  ['a flat folder', 'drop', 'ARM64', ['machine is ARM64, expected amd64']],
  ['a folder of another name', 'out/x64', 'x86', ['machine is x86, expected amd64']],
  ['the folder of a disc', 'viostor/w10/amd64', 'x86', ['machine is x86, expected amd64']],
  ['a flat folder with the right binary', 'drop', 'amd64', []],
] as const)('a driver of another architecture in %s', async (_what, folder, arch, expected) => {
  const tree = driverFolder('Win10/amd64', { pe: { arch } });
  const moved = Object.entries(tree).map(([path, bytes]) => [path.replace('Win10/amd64', folder), bytes]);
  const { findings } = await inspected(Object.fromEntries(moved));
  const found = findings.filter(({ rule }) => rule === 'pe/wrong-machine');
  expect(found.map(({ message }) => message)).toEqual(expected);
});

test.each([
  [['NTx86', 'NTamd64'], '?/?', []],
  [['NTarm64'], '?/ARM64', []],
  [['NTarm'], '?/?', []],
])(
  'an INF for %j without binaries and a folder that names no target',
  async (decorations, expected, rules) => {
    const tree = driverFolder('Win10/x86', { inf: { decorations }, without: ['viostor.sys'] });
    const found = await inspected({ 'drop/viostor.inf': tree['Win10/x86/viostor.inf'] ?? '' });
    expect(targetsOf(found)).toBe(expected);
    const ofModels = found.findings.filter(({ rule }) =>
      /^inf\/(no-models|models-of-other-arch)$/.test(rule),
    );
    expect(ofModels).toEqual(rules);
  },
);

test('an INF without models is for the architectures of its [DefaultInstall], and needs no catalog for others', async () => {
  const catalogs = 'CatalogFile.NTarm = a.arm.cat\r\nCatalogFile.NTarm64 = a.arm64.cat\r\n';
  const version = '[Version]\r\nSignature = "$Windows NT$"\r\n';
  const install = (arch: string) => `[DefaultInstall.NT${arch}]\r\nAddReg = R\r\n[R]\r\nHKR,,,0,x\r\n`;
  const found = await inspected({
    'drop/both.inf': version + catalogs + install('arm64'),
    'drop/none.inf': version + install('arm64'),
    'drop/old.inf': version + catalogs + install('arm'),
  });
  expect(targetsOf(found)).toBe('?/ARM64 ?/ARM64 ?/?');
  expect(found.findings.filter(({ rule }) => rule === 'catalog/not-named')).toMatchObject([
    { path: 'drop/none.inf', message: 'names no catalog for ARM64' },
  ]);
});

test('autorun.inf is a file of a disc and no driver', async () => {
  const { packages, files, findings } = await inspected({ 'AUTORUN.INF': '[autorun]\r\nopen=setup.exe\r\n' });
  expect({ packages, findings, files: files.length }).toEqual({ packages: [], findings: [], files: 1 });
});

test.each([
  ['NTx86', []],
  ['NTx86.10.0', ['inf/class-install-of-microsoft-class']],
])('an INF for %s may define a class that older Windows lack: %j', async (decoration, expected) => {
  const tree = driverFolder('Win10/x86', { inf: { decorations: [decoration] } });
  const inf = `${String(tree['Win10/x86/viostor.inf'])}[ClassInstall32]\r\nAddReg = R\r\n[R]\r\nHKR,,,0,Own\r\n`;
  const { findings } = await inspected({ 'drop/viostor.inf': inf });
  expect(findings.map(({ rule }) => rule).filter((rule) => rule.includes('class-install'))).toEqual(expected);
});

test('an INF without any models says so, and one that only installs a class does not', async () => {
  const version = '[Version]\r\nSignature = "$Windows NT$"\r\n';
  const { findings } = await inspected({
    'drop/empty.inf': `${version}[Manufacturer]\r\n`,
    'drop/class.inf': `${version}[ClassInstall32]\r\nAddReg = R\r\n[R]\r\nHKR,,,0,Own\r\n`,
  });
  expect(findings.filter(({ rule }) => rule === 'inf/no-models')).toMatchObject([
    { path: 'drop/empty.inf', message: 'has no models' },
  ]);
});

test('a package that does not install on the Windows of its folder has no condition under which it loads', async () => {
  const { packages } = await inspected(
    withCatalog(driverFolder('Win10/x86', { inf: { decorations: ['NTx86.10.0...22000'] } })),
  );
  expect(packages.map(({ loads }) => loads)).toEqual([undefined]);
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
  expect(new Set(packages.map(({ inf }) => inf))).toEqual(new Set(['Win11/amd64/viostor.inf']));
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
