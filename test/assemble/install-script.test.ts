import { expect, test } from 'vitest';
import { installScript } from '../../pipeline/assemble/install-script.ts';
import {
  allWindows,
  packagesOf,
  type RunningWindows,
  rightFolder,
  targets,
} from '../builders/disc-for-windows.ts';

const manifest = { label: 'a disc', targets };

/** Runs the `call :target` lines of a driver as the script does, and returns the chosen folder. */
function chosen(script: string, driver: string, { build, product, arch }: RunningWindows): string {
  const [, table = ''] = script.split(`call :driver ${driver}\r\n`);
  let [os, of] = ['', ''];
  for (const line of table.split('call :end')[0]?.split('\r\n') ?? []) {
    const [, folder = '', its, made = '', first, last] =
      /^call :target (\S+) (\S+) (\S+) (\d+) (\d+)$/.exec(line) ?? [];
    if (its !== arch || build < Number(first) || build > Number(last)) continue;
    if (of === product && made !== product) continue;
    [os, of] = [folder, made];
  }
  return os;
}

test('for every Windows build and architecture the script takes the newest folder that is not newer than it', () => {
  const some = targets.filter(({ os }) => ['w7', 'w10', '2k16'].includes(os));
  const drivers = [...packagesOf('Everywhere', targets), ...packagesOf('Somewhere', some)];
  const script = installScript(manifest, drivers);
  for (const windows of allWindows) {
    expect
      .soft(chosen(script, 'Everywhere', windows), JSON.stringify(windows))
      .toBe(rightFolder(windows, targets) ?? '');
    expect
      .soft(chosen(script, 'Somewhere', windows), JSON.stringify(windows))
      .toBe(rightFolder(windows, some) ?? '');
  }
});

test.each([
  [{ build: 2600, product: 'workstation', arch: 'x86' }, 'xp'],
  [{ build: 6002, product: 'workstation', arch: 'amd64' }, '2k8'],
  [{ build: 7601, product: 'workstation', arch: 'x86' }, 'w7'],
  [{ build: 7601, product: 'server', arch: 'amd64' }, '2k8R2'],
  [{ build: 9600, product: 'server', arch: 'amd64' }, '2k12R2'],
  [{ build: 19045, product: 'workstation', arch: 'amd64' }, 'w10'],
  [{ build: 20348, product: 'server', arch: 'amd64' }, '2k22'],
  [{ build: 26100, product: 'workstation', arch: 'ARM64' }, 'w11'],
  [{ build: 26100, product: 'server', arch: 'ARM64' }, '2k25'],
  [{ build: 10240, product: 'server', arch: 'x86' }, 'w10'],
] as const)('%j takes %s', (windows, os) => {
  expect(chosen(installScript(manifest, packagesOf('viostor', targets)), 'viostor', windows)).toBe(os);
});

test('a line says whether Windows loads a package, and no text of an INF becomes a command', () => {
  const [first, ...others] = packagesOf('viostor', targets.slice(0, 4), 'never');
  const hostile = { ...first, driverVer: '01/02/2026,1.0 & format c: %PATH%', inf: 'viostor/xp/x86/a%b.inf' };
  const tested = packagesOf('NetKVM', targets.slice(0, 1), 'test-signing');
  const script = installScript(manifest, [hostile as (typeof others)[number], ...others, ...tested]);
  expect(script.split('\r\n').filter((line) => /^call :inf \S+ x86/.test(line))).toEqual([
    'call :inf xp x86 "NetKVM\\xp\\x86\\netkvm.inf" 1.2.3.4 test-signing',
    'call :inf xp x86 "viostor\\xp\\x86\\a%%%%b.inf" 1.0???format?c???PATH? never',
    'call :inf 2k3 x86 "viostor\\2k3\\x86\\viostor.inf" 1.2.3.4 never',
  ]);
  expect(script).not.toMatch(/[^\r\n\x20-\x7e]|(?<!\r)\n/);
});
