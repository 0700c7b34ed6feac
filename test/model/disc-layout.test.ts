import { describe, expect, test } from 'vitest';
import { discLayout, plannedPaths, shippedLicenses } from '../../pipeline/model/disc-layout.ts';
import { collectRelease, type ReleaseOptions, type Values } from '../builders/release.ts';
import { driverFolder } from '../builders/tree.ts';
import { isTakenByV2v, v2vGuests } from '../builders/virt-v2v.ts';

test('boot-critical drivers lie once more by architecture, without symbols and extras, from the same contents', async () => {
  const { paths, layout } = await layoutOf({
    files: {
      ...driverFolder('Win10/x86', { extras: { 'viostor.pdb': 'x', 'tool.exe': 'x' } }),
      ...driverFolder('Win11/ARM64'),
      ...driverFolder('Win10/x86', { name: 'netkvm' }),
    },
    drivers: { viostor: { extras: [{ file: 'tool.exe', what: 'x' }] } },
  });
  expect(paths).toEqual([
    'ARM64/w11/viostor.inf',
    'ARM64/w11/viostor.sys',
    'NetKVM/w10/x86/netkvm.inf',
    'NetKVM/w10/x86/netkvm.sys',
    'i386/w10/viostor.inf',
    'i386/w10/viostor.sys',
    'viostor/w10/x86/tool.exe',
    'viostor/w10/x86/viostor.inf',
    'viostor/w10/x86/viostor.pdb',
    'viostor/w10/x86/viostor.sys',
    'viostor/w11/ARM64/viostor.inf',
    'viostor/w11/ARM64/viostor.sys',
  ]);
  const at = (path: string) => layout.find((entry) => entry.path === path);
  expect(at('i386/w10/viostor.sys')?.content).toEqual(at('viostor/w10/x86/viostor.sys')?.content);
  expect(at('i386/w10/viostor.sys')?.origin).toEqual({ source: 'drivers', path: 'Win10/x86/viostor.sys' });
});

test('a boot-critical driver with files in folders of its own keeps them', async () => {
  const inf = '[Version]\r\n[SourceDisksNames]\r\n1=D,,,sub\r\n[SourceDisksFiles]\r\nviostor.sys=1\r\n';
  const { paths } = await layoutOf({
    files: { 'Win10/amd64/viostor.inf': inf, 'Win10/amd64/sub/viostor.sys': 'x' },
  });
  expect(paths.filter((path) => path.startsWith('amd64/w10/'))).toEqual([
    'amd64/w10/sub/viostor.sys',
    'amd64/w10/viostor.inf',
  ]);
});

test('two boot-critical drivers share a file of one content and clash over one of two contents', async () => {
  const shared = { inf: ['netkvm.inf'], boot: true };
  const files = (one: string, other: string) => ({
    ...driverFolder('a/Win10/x86', { infFiles: ['viostor.sys', 'Wdf.dll'], extras: { 'Wdf.dll': one } }),
    ...driverFolder('b/Win10/x86', {
      name: 'netkvm',
      infFiles: ['netkvm.sys', 'Wdf.dll'],
      extras: { 'Wdf.dll': other },
    }),
  });
  const count = async (one: string, other: string) => {
    const { paths } = await layoutOf({ files: files(one, other), drivers: { NetKVM: shared } });
    return paths.filter((path) => path === 'i386/w10/Wdf.dll').length;
  };
  expect(await count('same', 'same')).toBe(1);
  expect(await count('one', 'other')).toBe(2);
});

test('Windows Setup finds the storage and network drivers of the chosen targets, from the same contents', async () => {
  const options: ReleaseOptions = {
    files: {
      ...driverFolder('Win10/x86'),
      ...driverFolder('Win7/x86'),
      ...driverFolder('Win11/amd64'),
      ...driverFolder('Win11/amd64', { name: 'netkvm' }),
      ...driverFolder('Win11/amd64', { name: 'balloon' }),
    },
    drivers: { NetKVM: { setup: true }, Balloon: { inf: ['balloon.inf'] } },
  };
  const inSetup = async (setupDrivers: Values) => {
    const { layout } = await layoutOf({ ...options, release: { setupDrivers } });
    return layout.filter(({ path }) => path.startsWith('$WinPEDriver$/'));
  };
  const entries = await inSetup({ targets: ['w11/amd64', 'w10/x86'] });
  expect(entries.map(({ path, origin }) => [path, origin?.path])).toEqual([
    ['$WinPEDriver$/amd64/NetKVM/netkvm.inf', 'Win11/amd64/netkvm.inf'],
    ['$WinPEDriver$/amd64/NetKVM/netkvm.sys', 'Win11/amd64/netkvm.sys'],
    ['$WinPEDriver$/amd64/viostor/viostor.inf', 'Win11/amd64/viostor.inf'],
    ['$WinPEDriver$/amd64/viostor/viostor.sys', 'Win11/amd64/viostor.sys'],
    ['$WinPEDriver$/x86/viostor/viostor.inf', 'Win10/x86/viostor.inf'],
    ['$WinPEDriver$/x86/viostor/viostor.sys', 'Win10/x86/viostor.sys'],
  ]);
  for (const { path } of entries) expect(v2vGuests.filter((guest) => isTakenByV2v(path, guest))).toEqual([]);
  const fewer = await inSetup({ targets: ['w11/amd64'], drivers: { exclude: ['NetKVM'] } });
  expect([...new Set(fewer.map(({ path }) => path.split('/')[2]))]).toEqual(['viostor']);
  expect((await layoutOf(options)).paths.some((path) => path.includes('$'))).toBe(false);
});

describe('every planned path', () => {
  test('is of a source, or one of those that are always there, or a licence', async () => {
    const { release, tree } = await collectRelease({ files: driverFolder('Win7/x86', { name: 'netkvm' }) });
    expect(plannedPaths(release.manifest, tree)).toEqual([
      'LICENSES/BSD-3-Clause.txt',
      'NetKVM/w7/x86/netkvm.inf',
      'NetKVM/w7/x86/netkvm.sys',
      'README.txt',
      'data/info.json',
      'index.html',
      'install.cmd',
      'unattend/w7-x86.xml',
    ]);
  });

  test('has a licence text for each driver that is there, each file with its own and each companion', async () => {
    const licenses = ['Apache-2.0', 'GPL-2.0-or-later', 'LicenseRef-Tool', 'MIT'];
    const options: ReleaseOptions = {
      files: { ...driverFolder('Win10/x86', { extras: { 'tool01.dll': 'x' } }), 'agent.msi': 'x' },
      drivers: {
        NetKVM: { license: 'Apache-2.0' },
        viostor: { license: 'GPL-2.0-or-later', extras: [{ file: 'tool01.dll', what: 'x' }] },
      },
      fileLicenses: [
        { file: 'TOOL*.dll', license: 'LicenseRef-Tool', what: 'x' },
        { file: 'other*.dll', license: 'BSD-3-Clause', what: 'x' },
      ],
      release: {
        files: [{ source: 'drivers', from: 'agent.msi', to: 'guest-agent/agent.msi', license: 'MIT' }],
      },
      texts: Object.fromEntries(licenses.map((id) => [`licenses/${id}.txt`, id])),
    };
    const { release, tree } = await collectRelease(options);
    expect(shippedLicenses(release.manifest, tree)).toEqual(['GPL-2.0-or-later', 'LicenseRef-Tool', 'MIT']);
  });
});

async function layoutOf(options: ReleaseOptions) {
  const { release, tree } = await collectRelease(options);
  const layout = discLayout(release.manifest, tree);
  return { layout, paths: layout.map(({ path }) => path) };
}
