import { expect, test } from 'vitest';
import { collect } from '../../pipeline/collect/collect.ts';
import { indexSource } from '../../pipeline/collect/source-index.ts';
import { problemsOf } from '../builders/problems.ts';
import { collectRelease, makeRelease, type ReleaseOptions } from '../builders/release.ts';
import { driverFolder, type Tree } from '../builders/tree.ts';

test('a build folder goes to every target that it serves, an INF with what it names', async () => {
  const files = { ...driverFolder('Win10/amd64'), ...driverFolder('Win7/x86') };
  const { tree } = await collectRelease({ files });
  expect(tree.files.map(({ path, role, origin }) => [path, role, origin.path])).toEqual([
    ['viostor/2k22/amd64/viostor.inf', 'inf', 'Win10/amd64/viostor.inf'],
    ['viostor/2k22/amd64/viostor.sys', 'payload', 'Win10/amd64/viostor.sys'],
    ['viostor/w10/amd64/viostor.inf', 'inf', 'Win10/amd64/viostor.inf'],
    ['viostor/w10/amd64/viostor.sys', 'payload', 'Win10/amd64/viostor.sys'],
    ['viostor/w7/x86/viostor.inf', 'inf', 'Win7/x86/viostor.inf'],
    ['viostor/w7/x86/viostor.sys', 'payload', 'Win7/x86/viostor.sys'],
  ]);
  expect(tree.packages).toEqual([
    driverPackage('2k22', 'amd64'),
    driverPackage('w10', 'amd64'),
    driverPackage('w7', 'x86'),
  ]);
  expect(tree.sources).toEqual([
    { id: 'drivers', type: 'directory', pin: {}, files: { shipped: 4, leftOut: 0, ignored: 0 } },
  ]);
});

test('a disc has the same tree: what was collected from it lies where it lay', async () => {
  const files = {
    ...moved(driverFolder('Win10/amd64'), 'viostor/w10/amd64'),
    ...moved(driverFolder('Win10/amd64', { name: 'netkvm' }), 'NetKVM/2k22/amd64'),
  };
  expect(await discPaths({ files })).toEqual(Object.keys(files).sort());
});

test('both layouts are known below further folders, even folders with the names of others', async () => {
  const files = {
    ...driverFolder('virtio-win-0.1.285/Win10/x86'),
    ...moved(driverFolder('Win11/ARM64'), 'iso/Win10/viostor/w11/ARM64'),
  };
  expect(await discPaths({ files })).toEqual([
    'viostor/w10/x86/viostor.inf',
    'viostor/w10/x86/viostor.sys',
    'viostor/w11/ARM64/viostor.inf',
    'viostor/w11/ARM64/viostor.sys',
  ]);
});

test("the disc layout begins with the driver's own folder, in its case", async () => {
  for (const folder of ['other/w10/amd64', 'Viostor/w10/amd64', 'w10/amd64']) {
    expect(await problems({ files: moved(driverFolder('Win10/amd64'), folder) }), folder).toHaveLength(2);
  }
});

test("a driver's own folders stand for the build folders, and the disc layout is still known", async () => {
  const drivers = {
    viostor: { folders: { 'odd/one': ['w7/x86'], '.': ['w10/amd64'], constructor: ['w10/x86'] } },
  };
  const files = {
    ...moved(driverFolder('Win7/x86'), 'odd/one'),
    ...moved(driverFolder('Win10/x86'), 'constructor'),
    ...moved(driverFolder('Win10/amd64'), ''),
    ...moved(driverFolder('Win11/ARM64'), 'viostor/w11/ARM64'),
  };
  expect((await discPaths({ files, drivers })).filter((path) => path.endsWith('.inf'))).toEqual([
    'viostor/w10/amd64/viostor.inf',
    'viostor/w10/x86/viostor.inf',
    'viostor/w11/ARM64/viostor.inf',
    'viostor/w7/x86/viostor.inf',
  ]);
  expect(await problems({ files: driverFolder('Win10/x86'), drivers })).toHaveLength(2);
});

test('a folder of a source may have the name of something that every object has', async () => {
  const drivers = { viostor: { folders: { a: ['w7/x86'] } } };
  expect(await problems({ files: moved(driverFolder('Win7/x86'), 'constructor'), drivers })).toHaveLength(2);
});

test('the release may say what an odd folder serves, in one source or in all', async () => {
  const folders = [{ driver: 'viostor', folder: 'beta', targets: ['w10/x86', 'w7/x86'] }];
  const files = moved(driverFolder('Win10/x86'), 'beta');
  expect(await discPaths({ files, release: { folders } })).toEqual([
    'viostor/w10/x86/viostor.inf',
    'viostor/w10/x86/viostor.sys',
    'viostor/w7/x86/viostor.inf',
    'viostor/w7/x86/viostor.sys',
  ]);
  const sources = { a: files, b: files };
  const inA = [{ driver: 'viostor', source: 'a', folder: 'beta', targets: ['w10/x86'] }];
  expect(await problems({ sources, release: { folders: inA } })).toEqual([
    'b: beta/viostor.inf: belongs to no driver of the manifest and is not ignored',
    expect.stringContaining('b: beta/viostor.sys: belongs to no driver'),
  ]);
});

test('a folder that the release names and that holds no such driver is an error', async () => {
  const folders = [
    { driver: 'viostor', folder: 'Win10/x86', targets: ['w7/x86'] },
    { driver: 'viostor', folder: 'win10/X86', targets: ['w7/x86'] },
    { driver: 'NetKVM', folder: 'Win10/x86', targets: ['w7/x86'] },
  ];
  const hint = '\n  hint: remove the line, or check its spelling; case matters here';
  expect(await problems({ files: driverFolder('Win10/x86'), release: { folders } })).toEqual([
    `./release.yaml:17: folders.1.folder: "win10/X86" holds no INF of driver "viostor"${hint}`,
    `./release.yaml:21: folders.2.folder: "Win10/x86" holds no INF of driver "NetKVM"${hint}`,
  ]);
});

test('a target that a driver is not shipped for is left out, and its files are known all the same', async () => {
  const drivers = { viostor: { without: [{ target: 'w10/x86', reason: 'never shipped' }] } };
  const { tree } = await collectRelease({
    files: { ...driverFolder('Win10/x86'), ...driverFolder('Win7/x86') },
    drivers,
  });
  expect(tree.files.map(({ path }) => path)).toEqual([
    'viostor/w7/x86/viostor.inf',
    'viostor/w7/x86/viostor.sys',
  ]);
  expect(tree.sources[0]?.files).toEqual({ shipped: 2, leftOut: 2, ignored: 0 });
});

test('one driver may have several INFs; a folder need not hold all of them', async () => {
  const drivers = { viostor: { inf: ['viostor.inf', 'viostor-pci.inf'] } };
  const second = driverFolder('Win10/x86', { name: 'viostor-pci' });
  const { tree } = await collectRelease({
    files: { ...driverFolder('Win10/x86'), ...second, ...driverFolder('Win7/x86') },
    drivers,
  });
  expect(tree.packages.map(({ inf }) => inf)).toEqual([
    'viostor/w10/x86/viostor-pci.inf',
    'viostor/w10/x86/viostor.inf',
    'viostor/w7/x86/viostor.inf',
  ]);
});

test('case counts for folders and not for the names of INFs and of files that they name', async () => {
  const files = moved(driverFolder('Win10/x86', { infFiles: ['VioStor.SYS'] }), 'Win10/x86', (name) =>
    name.replace('viostor', 'VIOSTOR'),
  );
  expect(await discPaths({ files })).toEqual(['viostor/w10/x86/VIOSTOR.inf', 'viostor/w10/x86/VIOSTOR.sys']);
  expect(await problems({ files: moved(driverFolder('Win10/x86'), 'win10/x86') })).toHaveLength(2);
});

test('files that the INF names in folders of its own keep these folders', async () => {
  const inf = `[Version]\r\nSignature="$Windows NT$"\r\n[SourceDisksNames]\r\n1=Disk,,,sub\r\n[SourceDisksFiles]\r\nviostor.sys=1,deep\r\n`;
  const files = { 'Win10/x86/viostor.inf': inf, 'Win10/x86/sub/deep/viostor.sys': 'x' };
  expect(await discPaths({ files })).toEqual([
    'viostor/w10/x86/sub/deep/viostor.sys',
    'viostor/w10/x86/viostor.inf',
  ]);
});

test('companions go where the release says, a file or a whole folder', async () => {
  const files = {
    ...driverFolder('Win10/x86'),
    'agent/qemu-ga.msi': 'a',
    'agent/doc/x.txt': 'b',
    'agents/y': 'c',
    'ca.cer': 'd',
  };
  const release = {
    files: [
      { source: 'drivers', from: 'agent/', to: 'guest-agent' },
      { source: 'drivers', from: 'ca.cer', to: 'cert/CA.cer' },
    ],
    ignored: [{ pattern: 'agents/**', reason: 'other agents' }],
  };
  const { tree } = await collectRelease({ files, release });
  expect(
    tree.files.filter(({ role }) => role === 'companion').map(({ path, origin }) => [path, origin.path]),
  ).toEqual([
    ['cert/CA.cer', 'ca.cer'],
    ['guest-agent/doc/x.txt', 'agent/doc/x.txt'],
    ['guest-agent/qemu-ga.msi', 'agent/qemu-ga.msi'],
  ]);
});

test('companions that are not there are told, all of them', async () => {
  const release = {
    files: [
      { source: 'drivers', from: 'agent', to: 'a' },
      { source: 'drivers', from: 'Win10', to: 'b' },
      { source: 'drivers', from: 'win10/x86', to: 'c' },
    ],
  };
  const hint = '\n  hint: check its spelling; case matters here';
  expect(await problems({ files: driverFolder('Win10/x86'), release })).toEqual([
    `./release.yaml:13: files.0.from: "agent" is neither a file nor a folder of source "drivers"${hint}`,
    `./release.yaml:19: files.2.from: "win10/x86" is neither a file nor a folder of source "drivers"${hint}`,
  ]);
});

test('an index finds files by folder and without regard to case', () => {
  const paths = ['a.inf', 'Win10/x86/B.sys', 'Win10/x86/sub/c.dll'];
  const index = indexSource('old', { files: paths.map((path) => ({ path })) });
  expect([...index.folders].map(([folder, files]) => [folder, files.length])).toEqual([
    ['.', 1],
    ['Win10/x86', 1],
    ['Win10/x86/sub', 1],
  ]);
  expect(index.find('.', 'A.INF')?.path).toBe('a.inf');
  expect(index.find('win10/X86', 'b.sys')?.path).toBe('Win10/x86/B.sys');
  expect(index.find('Win10/x86', 'sub\\C.dll')?.path).toBe('Win10/x86/sub/c.dll');
  expect(index.find('Win10', 'b.sys')).toBeUndefined();
});

function driverPackage(os: string, arch: string) {
  const folder = `viostor/${os}/${arch}`;
  const inf = `${folder}/viostor.inf`;
  return { driver: 'viostor', target: { os, arch }, inf, files: [inf, `${folder}/viostor.sys`], missing: [] };
}

/** The files of a flat folder in another folder, or at the root, and under other names. */
function moved(tree: Tree, folder: string, rename = (name: string) => name): Tree {
  const place = (path: string) =>
    `${folder}/${rename(path.slice(path.lastIndexOf('/') + 1))}`.replace(/^\//, '');
  return Object.fromEntries(Object.entries(tree).map(([path, content]) => [place(path), content]));
}

async function discPaths(options: ReleaseOptions): Promise<string[]> {
  return (await collectRelease(options)).tree.files.map(({ path }) => path);
}

async function problems(options: ReleaseOptions): Promise<string[]> {
  const { manifest, context, folder } = await makeRelease(options);
  return problemsOf(collect.run(manifest, context), folder);
}
