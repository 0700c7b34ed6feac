import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { servedBySetup, unattendFiles } from '../../pipeline/assemble/unattend.ts';
import { collectRelease, type Values } from '../builders/release.ts';
import { driverFolder, type Tree } from '../builders/tree.ts';

const files = {
  ...driverFolder('Win11/amd64'),
  ...driverFolder('Win10/x86'),
  ...driverFolder('Win7/x86', { name: 'netkvm' }),
};

const drivers = { vioscsi: { inf: ['vioscsi.inf'], boot: true } };

async function filesOf(release: Values = {}, more: Tree = {}): Promise<Record<string, string>> {
  const { release: made, tree } = await collectRelease({ files: { ...files, ...more }, drivers, release });
  const served = await servedBySetup(made.manifest, tree);
  return Object.fromEntries(unattendFiles(made.manifest, tree, { served }));
}

test('each Windows gets the paths of its storage drivers for the letters of CD drives, and a command without one', async () => {
  const made = await filesOf();
  expect(Object.keys(made)).toEqual([
    'unattend/w7-x86.xml',
    'unattend/w10-x86.xml',
    'unattend/w11-amd64.xml',
  ]);
  const [, documented = ''] =
    /```xml\n([\s\S]*?)```/.exec(await readFile('docs/unattended.md', 'utf8')) ?? [];
  expect(made['unattend/w11-amd64.xml']?.replaceAll('\r\n', '\n')).toBe(documented);
  expect(made['unattend/w10-x86.xml']).toContain('<Path>H:\\i386\\w10</Path>');
  expect(made['unattend/w7-x86.xml']).not.toContain('windowsPE');
  for (const text of Object.values(made)) {
    expect(text).not.toMatch(/(?<!\r)\n|[^\r\n\x20-\x7e]/);
    // Microsoft, "RunSynchronousCommand | Path": at most 259 characters.
    const [, command = ''] = /<Path>(cmd .*)<\/Path>/.exec(text) ?? [];
    expect(command.replaceAll('&gt;', '>').replaceAll('&amp;', '&').length).toBeLessThan(260);
    expect(text.length).toBeLessThan(2048);
  }
});

const factsOf = (os: string, loads: 'test-signing' | 'without-secure-boot') => ({
  driver: 'viostor',
  target: { os, arch: os === 'w11' ? 'amd64' : 'x86' } as const,
  inf: 'viostor.inf',
  hardwareIds: [],
  compatibleIds: [],
  services: [],
  signature: 'self-signed' as const,
  verdict: { integrity: 'good', uncovered: [], trust: 'self-signed' } as const,
  loads,
});

test('a disc with enrolment trusts its certificates before it installs, and says what Setup does not load', async () => {
  const made = await collectRelease({ files });
  const { manifest } = made.release;
  const drivers = [factsOf('w11', 'test-signing'), factsOf('w10', 'without-secure-boot')];
  const filesWith = (enrol: boolean) => {
    const sign = { enrol } as NonNullable<(typeof manifest)['release']['sign']>;
    const release = { ...manifest.release, sign };
    return Object.fromEntries(unattendFiles({ ...manifest, release }, made.tree, { drivers }));
  };
  const enrolled = filesWith(true);
  const text = enrolled['unattend/w11-amd64.xml']?.replaceAll('\r\n', '\n') ?? '';
  const [, documented = ''] = /```xml\n([\s\S]*?)```/.exec(await readFile('docs/signing.md', 'utf8')) ?? [];
  const [block = ''] = / {6}<RunSynchronous>[\s\S]*<\/RunSynchronous>\n/.exec(text) ?? [];
  expect(block.replace(/^ {6}/gm, '')).toBe(documented.replace(/ xmlns:wcm="[^"]*"/, ''));
  const scripts = (xml = '') => [...xml.matchAll(/call %d:\\(\S+)/g)].map(([, script]) => script);
  expect(scripts(text)).toEqual(['cert\\trust.cmd', 'cert\\test-mode.cmd', 'install.cmd']);
  expect(text).toContain(
    '<!-- Setup, which has no test-signing mode, does not load: viostor. Install Windows onto a SATA disk, and make it a virtio disk when test-signing mode is on. -->',
  );
  expect(scripts(enrolled['unattend/w10-x86.xml'])).toEqual(['cert\\trust.cmd', 'install.cmd']);
  expect(enrolled['unattend/w10-x86.xml']).not.toContain('does not load');
  expect(scripts(enrolled['unattend/w7-x86.xml'])).toEqual(['install.cmd']);
  expect(scripts(filesWith(false)['unattend/w11-amd64.xml'])).toEqual(['install.cmd']);
  for (const [, command = ''] of text.matchAll(/<Path>(cmd .*)<\/Path>/g))
    expect(command.replaceAll('&gt;', '>').replaceAll('&amp;', '&').length).toBeLessThan(260);
});

test('an architecture whose drivers Setup finds by itself gets no second version of them', async () => {
  const made = await filesOf({ setupDrivers: { targets: ['w11/amd64'] } });
  expect(made['unattend/w11-amd64.xml']).not.toContain('windowsPE');
  expect(made['unattend/w10-x86.xml']).toContain('windowsPE');
});

test('a Windows that the drivers of Setup do not serve keeps its paths', async () => {
  const boot = (folder: string) => ({
    ...driverFolder(folder),
    ...driverFolder(folder, { name: 'vioscsi', inf: { hardwareIds: ['PCI\\VEN_1AF4&DEV_1048'] } }),
  });
  const pathsOf = (part = '') => [...part.matchAll(/<Path>D:\\(.*?)<\/Path>/g)].map(([, path]) => path);
  const both = { ...boot('Win7/x86'), ...boot('Win10/x86') };
  const newer = await filesOf({ setupDrivers: { targets: ['w10/x86'] } }, both);
  expect(pathsOf(newer['unattend/w7-x86.xml'])).toEqual(['i386\\w7']);
  expect(newer['unattend/w7-x86.xml']).not.toContain('KB 2686316');
  expect(pathsOf(newer['unattend/w10-x86.xml'])).toEqual([]);
  expect(pathsOf(newer['unattend/w11-amd64.xml'])).toEqual(['amd64\\w11']);

  const older = await filesOf({ setupDrivers: { targets: ['w7/x86'] } }, both);
  for (const name of ['unattend/w7-x86.xml', 'unattend/w10-x86.xml']) {
    expect([name, pathsOf(older[name])]).toEqual([name, []]);
    expect(older[name]).toContain('<!-- Setup takes vioscsi, viostor from $WinPEDriver$ of this disc: ');
  }

  const partly = await filesOf(
    { setupDrivers: { targets: ['w7/x86'] } },
    { ...driverFolder('Win7/x86'), ...boot('Win10/x86') },
  );
  expect(pathsOf(partly['unattend/w10-x86.xml'])).toEqual(['vioscsi\\w10\\x86']);
  expect(partly['unattend/w10-x86.xml']).toContain('<!-- Setup takes viostor from $WinPEDriver$ ');

  const without = await filesOf(
    { setupDrivers: { targets: ['w10/x86'], drivers: { exclude: ['vioscsi'] } } },
    both,
  );
  expect(pathsOf(without['unattend/w10-x86.xml'])).toEqual([]);
  expect(pathsOf(without['unattend/w7-x86.xml'])).toEqual(['i386\\w7']);
});
