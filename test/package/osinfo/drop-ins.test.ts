import { expect, test } from 'vitest';
import type { SignatureState } from '../../../pipeline/formats/signature/signature.ts';
import { loadCondition } from '../../../pipeline/formats/windows/signing-policy.ts';
import type { Arch } from '../../../pipeline/formats/windows/targets.ts';
import { readManifest } from '../../../pipeline/manifest/read.ts';
import { osinfoDropIns } from '../../../pipeline/package/osinfo/drop-ins.ts';

const { targets } = await readManifest('drivers-manifest/releases/sample.yaml');

const netDevice = 'PCI\\VEN_1AF4&DEV_1041';
const location = (folder: string) =>
  `location="file:///usr/share/virtio-win/releases/p/drivers/by-os/${folder}/"`;

interface Driver {
  readonly driver: string;
  readonly os: string;
  readonly arch?: Arch;
  readonly state: SignatureState;
  readonly ids?: readonly string[];
  readonly files?: readonly string[];
}

/** Input for the drop-ins of a package `p`, from one line per driver. */
function input(lines: readonly Driver[]) {
  const made = lines.map(({ driver, os, arch = 'amd64', state, ids = [netDevice], files = [] }) => {
    const row = targets.find((candidate) => candidate.os === os && candidate.arch === arch);
    if (row === undefined) throw new Error(`${os}/${arch} is no target`);
    const folder = `${driver}/${os}/${arch}`;
    const inf = `${folder}/${driver}.inf`;
    const target = { os, arch };
    const verdict = { integrity: 'good', uncovered: [], trust: state } as const;
    return {
      found: { driver, target, inf, files: [inf, ...files.map((file) => `${folder}/${file}`)], missing: [] },
      facts: {
        driver,
        target,
        inf,
        hardwareIds: ids,
        compatibleIds: [],
        services: [],
        signature: state,
        verdict,
        loads: loadCondition(state, row),
      },
    };
  });
  return {
    packageName: 'p',
    targets,
    packages: made.map(({ found }) => found),
    drivers: made.map(({ facts }) => facts),
  };
}

test('a Windows has one file, with one driver element per architecture for all its driver packages', () => {
  const made = osinfoDropIns(
    input([
      {
        driver: 'viostor',
        os: 'w11',
        state: 'whql',
        ids: ['PCI\\VEN_1AF4&DEV_1042', 'PCI\\VEN_1AF4&DEV_1001'],
      },
      { driver: 'NetKVM', os: 'w11', state: 'attested', files: ['b.dll', 'a & b.sys'] },
      { driver: 'NetKVM', os: 'w11', arch: 'ARM64', state: 'attested' },
    ]),
  );
  expect(made).toEqual([
    {
      path: '/usr/share/osinfo/os/microsoft.com/win-11.d/virtio-win.p.xml',
      text: `<?xml version="1.0" encoding="UTF-8"?>
<libosinfo version="0.0.1">
  <os id="http://microsoft.com/win/11">
    <short-id>win11</short-id>
    <name>Microsoft Windows 11</name>
    <vendor>Microsoft Corporation</vendor>
    <family>winnt</family>
    <distro>win</distro>
    <driver arch="x86_64" ${location('amd64/w11')} pre-installable="true" signed="true" priority="90">
      <file>NetKVM.inf</file>
      <file>a &amp; b.sys</file>
      <file>b.dll</file>
      <file>viostor.inf</file>
      <device id="http://pcisig.com/pci/1af4/1001"/>
      <device id="http://pcisig.com/pci/1af4/1041"/>
      <device id="http://pcisig.com/pci/1af4/1042"/>
    </driver>
    <driver arch="aarch64" ${location('ARM64/w11')} pre-installable="true" signed="true" priority="90">
      <file>NetKVM.inf</file>
      <device id="http://pcisig.com/pci/1af4/1041"/>
    </driver>
  </os>
</libosinfo>
`,
    },
  ]);
});

test('whatever the order of the drivers, the files are the same', () => {
  const lines = ['w10', 'w7', '2k25'].flatMap((os) =>
    ['NetKVM', 'viostor'].map((driver) => ({ driver, os, state: 'whql' as const })),
  );
  const made = osinfoDropIns(input(lines));
  expect(made.map(({ path }) => path.split('/').at(-2))).toEqual(['win-10.d', 'win-2k25.d', 'win-7.d']);
  expect(osinfoDropIns(input(lines.toReversed()))).toEqual(made);
});

test.each([
  ['w7', 'attested'],
  ['w10', 'unsigned'],
  ['w11', 'self-signed'],
  ['w11', 'vendor-signed'],
] as const)('a driver that Windows would not load in Setup is not offered: %s, %s', (os, state) => {
  const loaded = { driver: 'viostor', os, state: 'whql', ids: ['PCI\\VEN_1AF4&DEV_1042'] } as const;
  expect(osinfoDropIns(input([{ driver: 'NetKVM', os, state }]))).toEqual([]);
  const [made] = osinfoDropIns(input([{ driver: 'NetKVM', os, state }, loaded]));
  expect(made?.text).toContain('<file>viostor.inf</file>');
  expect(made?.text).not.toMatch(/NetKVM|1041/);
});

test('one driver that Microsoft did not sign makes the whole set unsigned, and lowers it behind better releases', () => {
  const good = { driver: 'viostor', os: 'w10', state: 'whql' } as const;
  const text = (lines: readonly Driver[]) => osinfoDropIns(input(lines))[0]?.text;
  expect(text([good])).toContain('signed="true" priority="100"');
  expect(text([good, { driver: 'NetKVM', os: 'w10', state: 'vendor-signed' }])).toContain(
    'signed="false" priority="80"',
  );
});

test('what Microsoft only attested to is not signed for a Windows before 10', () => {
  const [made] = osinfoDropIns(input([{ driver: 'viostor', os: 'w7', arch: 'x86', state: 'attested' }]));
  expect(made?.text).toContain('arch="i686"');
  expect(made?.text).toContain('signed="false"');
});

test('a Windows without a driver, without a name in osinfo-db, or without a device that this knows has no file', () => {
  const known = { driver: 'viostor', os: 'w10', state: 'whql' } as const;
  const lines: Driver[] = [
    { driver: 'viostor', os: 'xp', arch: 'x86', state: 'whql' },
    { driver: 'pvpanic', os: 'w11', state: 'whql', ids: ['ACPI\\QEMU0001'] },
  ];
  expect(osinfoDropIns(input(lines))).toEqual([]);
  expect(osinfoDropIns(input([...lines, known])).map(({ path }) => path)).toEqual([
    '/usr/share/osinfo/os/microsoft.com/win-10.d/virtio-win.p.xml',
  ]);
});

test('the targets name every Windows from 7 and Server 2008 R2 on', () => {
  const lines = targets.map(({ os, arch }) => ({ driver: 'NetKVM', os, arch, state: 'whql' as const }));
  const versions = osinfoDropIns(input(lines)).map(
    ({ text }) => /<name>Microsoft (.*)<\/name>/.exec(text)?.[1],
  );
  expect(versions.toSorted()).toEqual([
    'Windows 10',
    'Windows 11',
    'Windows 7',
    'Windows 8',
    'Windows 8.1',
    'Windows Server 2008 R2',
    'Windows Server 2012',
    'Windows Server 2012 R2',
    'Windows Server 2016',
    'Windows Server 2019',
    'Windows Server 2022',
    'Windows Server 2025',
  ]);
});
