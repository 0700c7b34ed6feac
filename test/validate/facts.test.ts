import { expect, test } from 'vitest';
import { silentReporter } from '../../pipeline/core/reporter.ts';
import { fileDigests, flatDigests } from '../../pipeline/formats/catalog/index.ts';
import { driverFolders } from '../../pipeline/model/driver-folders.ts';
import { driverFacts } from '../../pipeline/validate/driver-facts.ts';
import { readFacts } from '../../pipeline/validate/facts.ts';
import { packageFacts } from '../../pipeline/validate/package-facts.ts';
import { type CatalogOptions, withCatalog } from '../builders/catalog.ts';
import { collectRelease, type ReleaseOptions } from '../builders/release.ts';
import { signPe } from '../builders/signed-pe.ts';
import { driverFolder } from '../builders/tree.ts';
import { makeCertificate } from '../formats/signing.ts';
import { changedFolder } from './rules/changed-inf.ts';
import { withDamagedVersion, withUnreadableSignature } from './rules/damage.ts';

const drivers = {
  viostor: {
    extras: [
      { file: 'tool.exe', what: 'x' },
      { file: 'notes.txt', what: 'x' },
    ],
  },
};

test('each file of a driver says what it is; debug symbols say nothing', async () => {
  const files = driverFolder('Win10/x86', {
    inf: { catalog: 'viostor.cat' },
    extras: { 'viostor.cat': 'x', 'tool.exe': 'no program', 'notes.txt': 'x', 'viostor.pdb': 'x' },
  });
  const { facts } = await factsOf({ files, drivers });
  expect([...facts].map(([path, { kind }]) => [path, kind])).toEqual([
    ['viostor/w10/x86/notes.txt', 'other'],
    ['viostor/w10/x86/tool.exe', 'pe'],
    ['viostor/w10/x86/viostor.cat', 'catalog'],
    ['viostor/w10/x86/viostor.inf', 'inf'],
    ['viostor/w10/x86/viostor.sys', 'pe'],
  ]);
  expect(facts.get('viostor/w10/x86/viostor.sys')).toMatchObject({
    kind: 'pe',
    digests: { kind: 'pe', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    pe: { machine: 0x014c, subsystemVersion: expect.anything() },
    driver: { problems: [], memoryIntegrity: [] },
    imports: [],
    version: { fileVersion: '0.1.0.1' },
    signatures: [],
  });
  expect(facts.get('viostor/w10/x86/tool.exe')).toEqual({
    kind: 'pe',
    digests: flatDigests(Buffer.from('no program')),
    problem: 'it is a text file',
  });
  expect(facts.get('viostor/w10/x86/viostor.cat')?.problem).toMatch(/./);
  expect(facts.get('viostor/w10/x86/viostor.inf')?.inf?.sections.has('version')).toBe(true);
});

test('a binary with a damaged signature and version still has its digests', async () => {
  const folder = driverFolder('Win10/x86');
  const path = 'Win10/x86/viostor.sys';
  const damaged = withUnreadableSignature(withDamagedVersion(signPe(Buffer.from(folder[path] ?? ''))));
  const { facts } = await factsOf({ files: { ...folder, [path]: damaged } });
  expect(facts.get('viostor/w10/x86/viostor.sys')).toEqual({
    kind: 'pe',
    digests: fileDigests(damaged),
    pe: { machine: 0x014c, subsystemVersion: expect.anything() },
    driver: expect.objectContaining({ problems: [] }),
    imports: [],
    signatureProblem: expect.stringMatching(/signature/),
    versionProblem: 'a version block has an invalid length: 0',
  });
});

test('a content that lies in several places is read once', async () => {
  const { facts } = await factsOf({ files: driverFolder('Win10/amd64') });
  const [one, other] = ['w10', '2k22'].map((os) => facts.get(`viostor/${os}/amd64/viostor.inf`)?.inf);
  expect(one).toBeDefined();
  expect(one).toBe(other);
});

test('a driver says its name, provider and version; without a catalog it is unsigned', async () => {
  expect(await driversOf({ files: driverFolder('Win10/x86') })).toEqual([
    {
      driver: 'viostor',
      target: { os: 'w10', arch: 'x86' },
      inf: 'viostor/w10/x86/viostor.inf',
      name: 'viostor test driver',
      provider: 'pvdisc project',
      driverVer: '01/02/2026,0.1.0.1',
      hardwareIds: ['ROOT\\PVDISC_VIOSTOR'],
      compatibleIds: [],
      class: 'System',
      services: ['viostor'],
      signature: 'unsigned',
      verdict: { integrity: 'none', uncovered: [], trust: 'unsigned' },
      loads: 'without-secure-boot',
    },
  ]);
});

test('a good catalog of all files gives the driver its state', async () => {
  const files = withCatalog(driverFolder('Win10/amd64'));
  const good = { integrity: 'good', uncovered: [], trust: 'self-signed', signer: 'pvdisc test' };
  expect(await driversOf({ files })).toMatchObject([
    { signature: 'self-signed', verdict: good, loads: 'test-signing' },
    { signature: 'self-signed', verdict: good, loads: 'test-signing' },
  ]);
});

test.each<[string, CatalogOptions, object]>([
  ['nobody signed', { unsigned: true }, { integrity: 'none', uncovered: [], trust: 'unsigned' }],
  [
    'that lacks a file',
    { omit: ['viostor.sys'] },
    { integrity: 'good', uncovered: ['viostor/w10/x86/viostor.sys'], trust: 'self-signed' },
  ],
  [
    'that holds another INF',
    { instead: { 'viostor.inf': 'x' } },
    { integrity: 'good', uncovered: ['viostor/w10/x86/viostor.inf'], trust: 'self-signed' },
  ],
])('a catalog %s leaves the driver unsigned', async (_, options, verdict) => {
  const files = withCatalog(driverFolder('Win10/x86'), options);
  expect(await driversOf({ files })).toMatchObject([{ signature: 'unsigned', verdict }]);
});

test('an authority of its own makes a driver self-signed, whatever its name', async () => {
  const name = 'DigiCert Assured ID Root CA';
  const root = makeCertificate({ name, isAuthority: true });
  const signer = makeCertificate({ name: 'Vendor', issuer: root, ekus: ['1.3.6.1.5.5.7.3.3'] });
  const files = withCatalog(driverFolder('Win11/amd64'), { signer, issuers: [root] });
  expect(await driversOf({ files })).toMatchObject([{ signature: 'self-signed', loads: 'test-signing' }]);
});

test('a catalog for newer Windows versions leaves the driver unsigned', async () => {
  const files = withCatalog(driverFolder('Win11/amd64'), { osAttr: '2:10.1,2:11.0' });
  expect(await driversOf({ files })).toMatchObject([
    { signature: 'unsigned', verdict: { integrity: 'good', trust: 'self-signed' }, loads: 'never' },
  ]);
});

test.each([
  ['an older Windows', '2:5.1,2:6.1'],
  ['an older and a newer Windows', '2:6.1,2:10.1'],
  ['Windows 98', '1:4.x'],
  ['any Windows 10', '2:10.x'],
  ['no named Windows', ''],
])('a catalog for %s signs the driver', async (_, osAttr) => {
  const files = withCatalog(driverFolder('Win11/amd64'), { osAttr });
  expect(await driversOf({ files })).toMatchObject([{ signature: 'self-signed', loads: 'test-signing' }]);
});

test('a boot driver without a signature of its own is not loaded, whatever its catalog', async () => {
  const driver = { files: ['viostor.sys'], destination: 12, startType: 0 } as const;
  const files = withCatalog(driverFolder('Win11/amd64', { inf: { driver } }));
  expect(await driversOf({ files })).toMatchObject([{ signature: 'self-signed', loads: 'never' }]);
});

test('a catalog whose list was changed after signing is broken, and the driver unsigned', async () => {
  const files = withCatalog(driverFolder('Win10/x86'));
  const catalog = Buffer.from(files['Win10/x86/viostor.cat'] ?? '');
  catalog[catalog.indexOf(Buffer.alloc(16, 7))] = 8;
  expect(await driversOf({ files: { ...files, 'Win10/x86/viostor.cat': catalog } })).toMatchObject([
    { signature: 'unsigned', verdict: { integrity: 'broken', uncovered: [], trust: 'unsigned' } },
  ]);
});

test('an INF without names gives only what every driver has; its first model stands in for the name', async () => {
  const bare = '[Version]\r\nSignature="$Windows NT$"\r\n';
  const models = `${bare}[Manufacturer]\r\nX=M\r\n[M]\r\n"Model of X"=I,ROOT\\X\r\n`;
  const files = { 'Win10/x86/viostor.inf': bare, 'Win7/x86/viostor.inf': models };
  expect(await driversOf({ files })).toEqual([
    {
      driver: 'viostor',
      target: { os: 'w10', arch: 'x86' },
      inf: 'viostor/w10/x86/viostor.inf',
      hardwareIds: [],
      compatibleIds: [],
      services: [],
      signature: 'unsigned',
      verdict: { integrity: 'none', uncovered: [], trust: 'unsigned' },
    },
    {
      driver: 'viostor',
      target: { os: 'w7', arch: 'x86' },
      inf: 'viostor/w7/x86/viostor.inf',
      name: 'Model of X',
      hardwareIds: ['ROOT\\X'],
      compatibleIds: [],
      services: [],
      signature: 'unsigned',
      verdict: { integrity: 'none', uncovered: [], trust: 'unsigned' },
      loads: 'always',
    },
  ]);
});

test('a driver says its IDs and function services once, whatever their case', async () => {
  const models = [
    '%viostor.DeviceDesc% = viostor_Install, PCI\\VEN_1AF4&DEV_1001&REV_00, PCI\\VEN_1AF4&DEV_1001',
    '%viostor.DeviceDesc% = viostor_Install, pci\\ven_1af4&dev_1001&rev_00, PCI\\VEN_1AF4&DEV_1042',
  ].join('\r\n');
  const files = changedFolder(
    'Win10/x86',
    ['%viostor.DeviceDesc% = viostor_Install, ROOT\\PVDISC_VIOSTOR', models],
    [
      'AddService = viostor, 2',
      'AddService = filter,,viostor_Service\r\nAddService = VIOSTOR,2,viostor_Service\r\nAddService = viostor, 2',
    ],
  );
  expect(await driversOf({ files })).toMatchObject([
    {
      hardwareIds: ['PCI\\VEN_1AF4&DEV_1001&REV_00'],
      compatibleIds: ['PCI\\VEN_1AF4&DEV_1001', 'PCI\\VEN_1AF4&DEV_1042'],
      services: ['VIOSTOR'],
    },
  ]);
});

test('a folder with two INFs is one folder, with all its files', async () => {
  const second = driverFolder('Win10/x86', { name: 'viostor2', extras: { 'notes.txt': 'x' } });
  const { tree } = await factsOf({
    files: { ...driverFolder('Win10/x86'), ...second, ...driverFolder('Win7/x86') },
    drivers: {
      viostor: { inf: ['viostor.inf', 'viostor2.inf'], extras: [{ file: 'notes.txt', what: 'x' }] },
    },
  });
  expect(driverFolders(tree).map(({ path, files }) => [path, files.length])).toEqual([
    ['viostor/w10/x86/', 5],
    ['viostor/w7/x86/', 2],
  ]);
});

test('reading stops with the run', async () => {
  const { tree } = await factsOf({ files: driverFolder('Win10/x86') });
  const signal = AbortSignal.abort(new Error('stopped'));
  await expect(readFacts(tree, { signal, reporter: silentReporter })).rejects.toThrow('stopped');
});

async function factsOf(options: ReleaseOptions) {
  const { release, tree } = await collectRelease(options);
  return { manifest: release.manifest, tree, facts: await readFacts(tree, release.context) };
}

async function driversOf(options: ReleaseOptions) {
  const { manifest, tree, facts } = await factsOf(options);
  return packageFacts(tree, facts, manifest.targets).map(driverFacts);
}
