import { expect, test } from 'vitest';
import type { CatalogOptions } from '../../builders/catalog.ts';
import { peChecksum, peFacts } from '../../builders/pe-facts.ts';
import { driverFolder, type Tree } from '../../builders/tree.ts';
import { judge, type RuleCase } from '../../contracts/rule-contract.ts';
import { makeCertificate } from '../../formats/signing.ts';
import { changed, changedFolder } from './changed-inf.ts';

/** Two drivers of one name for their own folders, with a file of the same name and other bytes in each. */
function clash(file: string, one: Tree, other: Tree, more: RuleCase = {}): RuleCase {
  const drivers = { NetKVM: {}, viostor: {}, ...more.drivers };
  const extras = [{ file, what: 'x' }];
  return {
    files: { ...one, ...other },
    drivers: Object.fromEntries(Object.entries(drivers).map(([name, keys]) => [name, { extras, ...keys }])),
  };
}

const withFile = (folder: string, name: string, file: string) =>
  driverFolder(folder, { name, extras: { [file]: `${folder} ${name}` } });

test.each<[string, RuleCase]>([
  [
    'of other Windows',
    clash('x.txt', withFile('Win10/x86', 'viostor', 'x.txt'), withFile('Win7/x86', 'netkvm', 'x.txt')),
  ],
  [
    'of another architecture',
    clash('x.txt', withFile('Win10/x86', 'viostor', 'x.txt'), withFile('Win10/amd64', 'netkvm', 'x.txt')),
  ],
  [
    'for ARM64, which virt-v2v does not know',
    clash('x.txt', withFile('Win11/ARM64', 'viostor', 'x.txt'), withFile('b/Win11/ARM64', 'netkvm', 'x.txt')),
  ],
  [
    'of debug symbols',
    clash('x.pdb', withFile('Win10/x86', 'viostor', 'x.pdb'), withFile('b/Win10/x86', 'netkvm', 'x.pdb')),
  ],
  [
    'of vioprot',
    clash(
      'vioprot.cat.txt',
      withFile('Win10/x86', 'viostor', 'vioprot.cat.txt'),
      withFile('b/Win10/x86', 'netkvm', 'vioprot.cat.txt'),
    ),
  ],
  [
    'of the driver sriov',
    clash('x.txt', withFile('Win10/x86', 'viostor', 'x.txt'), withFile('b/Win10/x86', 'vioprot', 'x.txt'), {
      drivers: { NetKVM: { extras: [] }, sriov: { inf: ['vioprot.inf'] } },
    }),
  ],
])('disc/basename-clash lets pass files %s', async (_what, given) => {
  const clashes = (await judge(given)).filter(({ rule }) => rule === 'disc/basename-clash');
  expect(clashes).toEqual([]);
});

test('disc/basename-clash finds a third file that differs, beside two that do not', async () => {
  const drivers = { NetKVM: {}, viostor: {}, vioscsi: { inf: ['vioscsi.inf'] } };
  const extras = [{ file: 'x.txt', what: 'x' }];
  const files = {
    ...driverFolder('a/Win10/x86', { name: 'netkvm', extras: { 'x.txt': 'same' } }),
    ...driverFolder('b/Win10/x86', { name: 'vioscsi', extras: { 'x.txt': 'same' } }),
    ...driverFolder('c/Win10/x86', { extras: { 'x.txt': 'other' } }),
  };
  const found = await judge({
    files,
    drivers: Object.fromEntries(Object.entries(drivers).map(([name, keys]) => [name, { extras, ...keys }])),
  });
  expect(found.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
    'disc/basename-clash viostor/w10/x86/x.txt',
  ]);
});

test.each([
  ['an x86 program on ARM64', 'Win11/ARM64', 'exe', 'x86', []],
  ['an amd64 program on ARM64', 'Win11/ARM64', 'exe', 'amd64', ['machine is amd64, expected ARM64 or x86']],
  ['an amd64 library on x86', 'Win10/x86', 'dll', 'amd64', ['machine is amd64, expected x86']],
  ['an x86 library on amd64', 'Win11/amd64', 'dll', 'x86', []],
] as const)('pe/wrong-machine on %s', async (_what, folder, kind, arch, messages) => {
  const binary = driverFolder('Win10/x86', { pe: { kind, arch } })['Win10/x86/viostor.sys'] ?? '';
  const file = `tool.${kind}`;
  const found = await judge({
    files: driverFolder(folder, { extras: { [file]: binary } }),
    drivers: { viostor: { extras: [{ file, what: 'x' }] } },
  });
  expect(found.map(({ message }) => message)).toEqual(messages);
});

test('pe/wrong-machine names an architecture that no Windows target has by its number', async () => {
  const bytes = Buffer.from(driverFolder('Win10/x86')['Win10/x86/viostor.sys'] ?? '');
  bytes.writeUInt16LE(0x0200, bytes.readUInt32LE(0x3c) + 4);
  bytes.writeUInt32LE(peChecksum(bytes), peFacts(bytes).checksumOffset);
  const found = await judge({ files: driverFolder('Win10/x86', { extras: { 'viostor.sys': bytes } }) });
  expect(found.map(({ message }) => message)).toEqual(['machine is 0x0200, expected x86']);
});

test('release/plain-name lets pass a release that says why', async () => {
  const release = {
    name: 'virtio-win',
    package: { name: 'virtio-win' },
    policy: { plainName: 'for a test' },
  };
  expect(await judge({ files: driverFolder('Win10/x86'), release })).toEqual([]);
  const found = await judge({ files: driverFolder('Win10/x86'), release: { ...release, policy: {} } });
  expect(found.map(({ rule }) => rule)).toEqual(['release/plain-name']);
});

test('release/driver-not-found asks for drivers that are named, not for those that are left out', async () => {
  const release = { select: { drivers: { exclude: ['NetKVM'] } } };
  expect(await judge({ files: driverFolder('Win10/x86'), release })).toEqual([]);
});

test.each<[string, CatalogOptions, RuleCase['epoch'], string[]]>([
  ['without a date of the release', { signer: dated('20', '21') }, 'none', []],
  [
    'that ends before it begins, without a date of the release',
    { signer: dated('30', '20') },
    'none',
    ['its certificate ends on 2020-01-01, before it begins'],
  ],
  ['on its last day', { signer: dated('20', '26') }, Date.UTC(2026, 0, 1) / 1000, []],
  [
    'a second after its end',
    { signer: dated('20', '26') },
    Date.UTC(2026, 0, 1) / 1000 + 1,
    ['has no timestamp and is released on 2026-01-01, but its certificate expired on 2026-01-01'],
  ],
])(
  'catalog/certificate-dates on a certificate %s, nobody having timestamped',
  async (_, catalogs, epoch, messages) => {
    const found = await judge({ files: driverFolder('Win10/x86'), catalogs, epoch: epoch ?? 'none' });
    const ofDates = found.filter(({ rule }) => rule === 'catalog/certificate-dates');
    expect(ofDates.map(({ message }) => message)).toEqual(messages);
  },
);

function dated(from: string, to: string) {
  return makeCertificate({ name: 'dated', validity: [`${from}0101000000Z`, `${to}0101000000Z`] });
}

test('driver/missing-target asks of a driver with folders of its own only what these are for', async () => {
  const files = { ...driverFolder('own/Win7/x86', { name: 'netkvm' }), ...driverFolder('Win10/x86') };
  const missing = async (folders: Readonly<Record<string, string[]>>) => {
    const found = await judge({ files, drivers: { NetKVM: { folders } }, catalogs: 'none' });
    return found.filter(({ path }) => path === 'NetKVM').map(({ message }) => message);
  };
  expect(await missing({ 'own/Win7/x86': ['w7/x86'] })).toEqual([]);
  expect(await missing({ 'own/Win7/x86': ['w7/x86'], other: ['w10/x86'] })).toEqual([
    'is missing for w10/x86',
  ]);
});

test('a KMDF co-installer that Windows 8.1 and later do not need is one finding, also where it is installed', async () => {
  const coInstaller = driverFolder('Win10/x86', { pe: { kind: 'dll', company: 'Microsoft' } });
  const files = driverFolder('Win10/x86', {
    infFiles: ['viostor.sys', 'WdfCoInstaller01009.dll'],
    extras: { 'WdfCoInstaller01009.dll': coInstaller['Win10/x86/viostor.sys'] ?? '' },
  });
  const inf = String(files['Win10/x86/viostor.inf']);
  const rulesFor = async (more: string) =>
    (await judge({ files: { ...files, 'Win10/x86/viostor.inf': inf + more } })).map(({ rule }) => rule);
  expect(await rulesFor('')).toEqual(['inf/stale-co-installer']);
  expect(await rulesFor('[viostor_Install.CoInstallers]\r\nAddReg = Co\r\n[Co]\r\nHKR,,x,,y\r\n')).toEqual([
    'inf/refused-co-installer',
  ]);
});

test.each([
  ['NO_DRV of machine.inf', 'NO_DRV', []],
  ['VWiFiBus of netvwifibus.inf, a filter', 'VWiFiBus', ['inf/no-function-service']],
])(
  'inf/no-function-service follows Needs to the section of the same name: %s',
  async (_what, name, found) => {
    const included = name === 'NO_DRV' ? 'machine.inf' : 'netvwifibus.inf';
    const given = changed(
      ['viostor_Install, ROOT', `${name}, ROOT`],
      ['[viostor_Install]', `[${name}]`],
      [
        '[viostor_Install.Services]',
        `[${name}.Services]\r\nInclude = ${included}\r\nNeeds = ${name}.Services`,
      ],
      ['AddService = viostor, 2,', 'AddService = viostor,,'],
    );
    expect((await judge(given)).map(({ rule }) => rule)).toEqual(found);
  },
);

test.each([
  ['a string that no line uses', 'ARCH = "$ARCH$"', []],
  ['a string of a device', 'viostor.DeviceDesc = "$ARCH$"', ['inf/template-token']],
])('inf/template-token looks at strings that Windows reads: %s', async (_what, string, found) => {
  const given = changed(['viostor.DeviceDesc = "viostor test driver"', string]);
  const rulesOf = (await judge(given)).filter(({ rule }) => rule === 'inf/template-token');
  expect(rulesOf.map(({ rule }) => rule)).toEqual(found);
});

test.each([
  ['as Visual Studio makes it', 0x30, []],
  ['for keys alone', 0x20, ['catalog/unfit-certificate']],
])('a test certificate for encipherment, %s', async (_what, keyUsage, found) => {
  const signer = makeCertificate({ name: 'WDKTestCert tests', ekus: ['1.3.6.1.5.5.7.3.3'], keyUsage });
  const findings = await judge({ files: driverFolder('Win10/x86'), catalogs: { signer } });
  expect(findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)).toEqual(found);
});

test.each([
  ['its folder of the package', '%13%\\arm64\\viostor.sys', []],
  ['the folder of [DestinationDirs]', '%13%\\viostor.sys', []],
  ['another folder', '%13%\\other\\viostor.sys', ['inf/service-binary-not-copied']],
])('a service runs a file of the driver store in %s', async (_what, binary, found) => {
  const folder = 'Win11/ARM64';
  const { [`${folder}/viostor.sys`]: sys = '', ...rest } = driverFolder(folder, {
    inf: { driver: { files: ['viostor.sys'], destination: 13, startType: 3 } },
  });
  const inf = String(rest[`${folder}/viostor.inf`])
    .replace('viostor.sys = 1,,', 'viostor.sys = 1,arm64')
    .replace('%13%\\viostor.sys', () => binary);
  const findings = await judge({
    files: { [`${folder}/viostor.inf`]: inf, [`${folder}/arm64/viostor.sys`]: sys },
  });
  expect(findings.map(({ rule }) => rule).filter((rule) => rule.startsWith('inf/service'))).toEqual(found);
});

test('disc/setup-driver-clash finds two drivers of a device, also where an INF has models for another architecture', async () => {
  const hardwareIds = ['ROOT\\SHARED'];
  const clashes = async (folder: string, decorations: readonly string[]) => {
    const found = await judge({
      files: {
        ...driverFolder('Win11/amd64', { inf: { hardwareIds } }),
        ...driverFolder(folder, { name: 'netkvm', inf: { hardwareIds, decorations } }),
      },
      drivers: { NetKVM: { setup: true } },
      release: { setupDrivers: { targets: ['w11/amd64', 'w10/x86'] } },
    });
    return found.filter(({ rule }) => rule === 'disc/setup-driver-clash').map(({ message }) => message);
  };
  const message = (other: string) =>
    `serves ROOT\\SHARED on amd64, as ${other} does, and both are in $WinPEDriver$`;
  expect(await clashes('Win10/x86', ['NTx86.10.0'])).toEqual([]);
  expect(await clashes('Win10/x86', ['NTx86.10.0', 'NTamd64.10.0'])).toEqual([
    message('NetKVM/w10/x86/netkvm.inf'),
  ]);
  expect(await clashes('Win11/amd64', ['NTamd64.10.0'])).toEqual([message('NetKVM/w11/amd64/netkvm.inf')]);
});

test('neither the folder nor the catalog needs what only [SourceDisksFiles] lists', async () => {
  const listed = changedFolder('Win10/x86', [
    'viostor.sys = 1,,',
    'viostor.sys = 1,,\r\na.txt = 1,,\r\ngone.txt = 1,,',
  ]);
  const findings = await judge({
    files: { ...listed, 'Win10/x86/a.txt': 'not copied' },
    catalogs: { omit: ['a.txt'] },
  });
  expect(findings.map(({ rule }) => rule)).toEqual(['inf/uncopied-file']);
});

test('inf/driver-store-rename names the folders of a file that it moves', async () => {
  const folder = 'Win11/ARM64';
  const files = driverFolder(folder, {
    inf: { driver: { files: ['viostor.sys'], destination: 13, startType: 3 } },
  });
  const inf = String(files[`${folder}/viostor.inf`]).replace(
    'viostor_Files = 13',
    'viostor_Files = 13,arm64',
  );
  const findings = await judge({ files: { ...files, [`${folder}/viostor.inf`]: inf } });
  expect(findings.map(({ rule, message }) => [rule, message])).toContainEqual([
    'inf/driver-store-rename',
    'moves "viostor.sys" from the root to "arm64" of the package in the driver store',
  ]);
});
