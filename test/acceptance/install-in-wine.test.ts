import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installScript } from '../../pipeline/assemble/install-script.ts';
import { unattendFiles } from '../../pipeline/assemble/unattend.ts';
import {
  allWindows,
  packagesOf,
  type RunningWindows,
  rightFolder,
  targets,
} from '../builders/disc-for-windows.ts';
import { isWineAsked, plainCommand, startWine, type Wine } from '../builders/wine.ts';

if (!isWineAsked) console.warn('SKIPPED: install.cmd is run by scripts/wine, which needs 700 MB of packages');

/** Loads no hive, whose keys a test has written beforehand; passes everything else to Wine's reg.exe. */
const registry = `#include <process.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int count, char **words) {
  if (count > 1 && (!strcmp(words[1], "load") || !strcmp(words[1], "unload"))) return 0;
  char *quoted[64];
  for (int at = 0; at < count && at < 63; at++) {
    quoted[at] = malloc(strlen(words[at]) + 3);
    sprintf(quoted[at], "\\"%s\\"", words[at]);
  }
  quoted[count] = 0;
  return _spawnv(_P_WAIT, "C:\\\\windows\\\\system32\\\\reg.exe", (const char *const *)quoted);
}
`;

/** How to run install.cmd once. */
interface Run extends RunningWindows {
  readonly options?: string;
  readonly winpe?: boolean;
  readonly testSigning?: boolean;
  /** Exit code of pnputil and drvload. */
  readonly code?: number;
  /** The Windows in C:\\image, which does not run. */
  readonly image?: RunningWindows;
  /** Number of the control set that this Windows started with. */
  readonly controlSet?: number;
  /** Another way to start install.cmd. */
  readonly start?: string;
  /** 64-bit Windows runs a 32-bit cmd.exe. */
  readonly wow64?: boolean;
}

describe.runIf(isWineAsked)('install.cmd in Wine', { timeout: 1_200_000 }, () => {
  let disc = '';
  let wine: Wine;

  beforeAll(async () => {
    wine = await startWine('reg.exe', 'dism.exe');
    await wine.record('pnputil.exe', 'drvload.exe', 'dism.exe');
    await wine.compile(registry, join(wine.drive, 'bin/reg.exe'));
    disc = join(wine.drive, 'a disc & (its) files');
    const drivers = [
      ...packagesOf('Everywhere', targets),
      ...packagesOf('Never', targets, 'never'),
      ...packagesOf('Testing', targets, 'test-signing'),
    ];
    for (const { inf } of drivers) {
      if (inf === 'Everywhere/w8/x86/everywhere.inf') continue;
      await mkdir(dirname(join(disc, inf)), { recursive: true });
      await writeFile(join(disc, inf), '');
    }
    await symlink(disc, join(dirname(disc), 'disc'));
    await symlink(disc, join(wine.drive, '../dosdevices/k:'));
    const config = join(dirname(disc), 'image/Windows/System32/config');
    await mkdir(config, { recursive: true });
    for (const hive of ['SYSTEM', 'SOFTWARE']) await writeFile(join(config, hive), '');
    await mkdir(join(disc, 'data'));
    await writeFile(join(disc, 'data/info.json'), '{}');
    await writeFile(join(disc, 'install.cmd'), installScript({ label: 'a disc', targets }, drivers));
  });

  afterAll(() => wine.stop());

  /** Runs install.cmd once for each, and returns what it printed, ran and ended with. */
  async function results(runs: readonly Run[], start: string) {
    const set = (key: string, name: string, value: string) =>
      `reg add "${key}" /v ${name} /d "${value}" /f >nul`;
    const control = 'HKLM\\SYSTEM\\CurrentControlSet\\Control';
    const imageKeys = ({ build, product, arch }: RunningWindows, controlSet = 1) => [
      `reg delete HKLM\\pvdisc-system /f >nul 2>nul`,
      `reg add HKLM\\pvdisc-system\\Select /v Current /t REG_DWORD /d ${controlSet} /f >nul`,
      set(
        'HKLM\\pvdisc-software\\Microsoft\\Windows NT\\CurrentVersion',
        'CurrentBuildNumber',
        String(build),
      ),
      ...[
        ['ProductOptions', 'ProductType', product === 'server' ? 'ServerNT' : 'WinNT'],
        ['Session Manager\\Environment', 'PROCESSOR_ARCHITECTURE', arch.toUpperCase()],
      ].map(([key, name = '', value = '']) =>
        set(`HKLM\\pvdisc-system\\ControlSet00${controlSet}\\Control\\${key}`, name, value),
      ),
    ];
    const lines = runs.flatMap((run, number) => [
      set('HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion', 'CurrentBuildNumber', String(run.build)),
      set(`${control}\\ProductOptions`, 'ProductType', run.product === 'server' ? 'ServerNT' : 'WinNT'),
      set(control, 'SystemStartOptions', run.testSigning ? ' NOEXECUTE=OPTIN  TESTSIGNING' : ''),
      run.winpe ? `reg add ${control}\\MiniNT /f >nul` : `reg delete ${control}\\MiniNT /f >nul 2>nul`,
      `set PROCESSOR_ARCHITECTURE=${run.wow64 ? 'x86' : run.arch.toUpperCase()}`,
      `set PROCESSOR_ARCHITEW6432=${run.wow64 ? run.arch.toUpperCase() : ''}`,
      ...(run.image === undefined ? [] : imageKeys(run.image, run.controlSet)),
      `set CODE=${run.code ?? 0}`,
      `set RECORD=C:\\ran-${number}`,
      'type nul >%RECORD%',
      `${run.start ?? start} ${run.options ?? '/quiet'} >C:\\said-${number} 2>&1 <nul`,
      `>C:\\code-${number} echo %errorlevel%`,
    ]);
    await wine.batch(lines);
    return Promise.all(
      runs.map(async (_run, number) => ({
        code: Number(await wine.read(`code-${number}`)),
        said: await wine.read(`said-${number}`),
        ran: (await wine.read(`ran-${number}`)).split('\n').filter((line) => line !== ''),
      })),
    );
  }

  const at = 'C:\\a disc & (its) files\\';

  test('installs for every Windows just what is for it', async () => {
    const runs = allWindows.filter(({ build }) => builds.includes(build));
    const found = await results(runs, `call "${at}install.cmd"`);
    const expected = runs.map((run) => {
      const os = rightFolder(run, targets);
      if (os === undefined) return { code: 1, ran: [] };
      const inf = `"${at}Everywhere\\${os}\\${run.arch}\\everywhere.inf"`;
      if (`${os}/${run.arch}` === 'w8/x86') return { code: 1, ran: [] };
      return {
        code: 0,
        ran: [run.build >= 14393 ? `pnputil /add-driver ${inf} /install` : `pnputil -i -a ${inf}`],
      };
    });
    expect(
      found.map(({ code, ran }, number) => ({ ...runs[number], code, ran: ran.map(plainCommand) })),
    ).toEqual(runs.map((run, number) => ({ ...run, ...expected[number] })));
  });

  test('its options, codes, Windows PE, test signing, and what is too old or missing', async () => {
    const w10 = { build: 19045, product: 'workstation', arch: 'amd64' } as const;
    const server2012 = { build: 9200, product: 'server', arch: 'amd64' } as const;
    const everywhere = `"C:\\disc\\Everywhere\\w10\\amd64\\everywhere.inf"`;
    const testing = `"C:\\disc\\Testing\\w10\\amd64\\testing.inf"`;
    const install = (inf: string) => `pnputil /add-driver ${inf} /install`;
    const table: readonly (readonly [Run, code: number, ran: readonly string[], said: RegExp])[] = [
      [
        w10,
        0,
        [install(everywhere)],
        /^Windows build 19045, workstation, AMD64\n {2}Everywhere 1\.2\.3\.4, "Everywhere\\w10/,
      ],
      [{ ...w10, wow64: true }, 0, [install(everywhere)], /AMD64/],
      [{ ...w10, code: 259 }, 0, [install(everywhere)], /Done\.$/],
      [{ ...w10, code: 3010 }, 3010, [install(everywhere)], /Restart Windows now\.$/],
      [{ ...w10, code: 5 }, 1, [install(everywhere)], /Everywhere failed \(5\)\.\nSomething failed\./],
      [{ ...w10, winpe: true }, 0, [`drvload ${everywhere}`], /Done/],
      [{ ...w10, testSigning: true }, 0, [install(everywhere), install(testing)], /Testing 1\.2\.3\.4, "/],
      [
        { ...w10, options: '/list' },
        0,
        [],
        /Testing 1\.2\.3\.4: left out, since this Windows loads it in test-signing mode only$/,
      ],
      [{ ...w10, options: '/dry-run' }, 0, [], /\npnputil \/add-driver "C:\\disc\\Everywhere\\w10/],
      [{ ...w10, options: '/quiet /driver everywhere' }, 0, [install(everywhere)], /^(?!.*Testing)/s],
      [
        { ...w10, options: '/driver Never /quiet' },
        1,
        [],
        /Never 1\.2\.3\.4: left out, since this Windows never loads it\nThere is nothing/,
      ],
      [
        { ...w10, options: '/driver Nope' },
        2,
        [],
        /There is no such driver on this disc\. It has:\n {2}Everywhere Never Testing$/,
      ],
      [{ ...w10, options: '/driver' }, 2, [], /There is no such driver/],
      [{ ...w10, options: '/wrong' }, 2, [], /^Unknown option: \/wrong\nusage: /],
      [{ ...w10, options: '/?' }, 0, [], /^usage: install\.cmd/],
      [
        { ...w10, start: 'cmd /c K:\\install.cmd' },
        0,
        [install('"K:\\Everywhere\\w10\\amd64\\everywhere.inf"')],
        /Done/,
      ],
      [
        { ...w10, options: '', start: unattendedCommand() },
        0,
        [install('"K:\\Everywhere\\w10\\amd64\\everywhere.inf"')],
        /^$/,
      ],
      [
        { ...w10, winpe: true, options: '/quiet /image C:\\image', image: server2012 },
        0,
        [
          'dism /image:"C:\\image\\\\" /add-driver /driver:"C:\\disc\\Everywhere\\2k12\\amd64\\everywhere.inf"',
        ],
        /^Windows build 9200, server, AMD64\n/,
      ],
      [
        {
          ...w10,
          winpe: true,
          options: '/dry-run /image C:\\image\\',
          image: { ...server2012, build: 6002 },
        },
        1,
        [],
        /DISM adds drivers to Windows 7 and later only\.$/,
      ],
      [
        { ...w10, options: '/image C:\\bin' },
        1,
        [],
        /^There is no Windows in "C:\\bin": give the drive of one/,
      ],
      [{ ...w10, options: '/image' }, 2, [], /^\/image needs the drive of the Windows, such as C:$/],
      [{ ...w10, options: '"" /dry-run' }, 2, [], /^Unknown option: ""\nusage: /],
      [
        { ...w10, options: '/dry-run /image C:\\image', image: server2012, controlSet: 2 },
        0,
        [],
        /^Windows build 9200, server, AMD64\n/,
      ],
      [
        { build: 2600, product: 'workstation', arch: 'x86' },
        1,
        [],
        /Everywhere\\xp\\x86.*\n(.*\n)*This Windows has no pnputil/,
      ],
      [
        { build: 2600, product: 'workstation', arch: 'x86', options: '/dry-run' },
        1,
        [],
        /^(?!.*pnputil -i).*This Windows has no pnputil/s,
      ],
      [
        { build: 9200, product: 'workstation', arch: 'x86' },
        1,
        [],
        /Everywhere: "Everywhere\\w8\\x86\\everywhere\.inf" is missing on this disc\n(.*\n)*This disc is not complete\./,
      ],
      [
        { build: 9200, product: 'workstation', arch: 'x86', testSigning: true, options: '/list' },
        1,
        [],
        /\n {2}Testing 1\.2\.3\.4, "Testing\\w8\\x86\\testing\.inf"\nThis disc is not complete\./,
      ],
    ];
    const before = await readdir(disc, { recursive: true });
    // Wine's `call` turns every exit code but 0 into 1.
    const found = await results(
      table.map(([run]) => run),
      'cmd /c C:\\disc\\install.cmd',
    );
    expect(await readdir(disc, { recursive: true })).toEqual(before);
    for (const [number, [run, code, ran, said]] of table.entries()) {
      const result = found[number];
      expect
        .soft({ run, code: result?.code, ran: result?.ran.map(plainCommand) })
        .toEqual({ run, code, ran });
      expect.soft(result?.said).toMatch(said);
    }
  });
});

/** Returns the command of the answer file for Windows 10 as a line of a batch file, where percent signs are doubled. */
function unattendedCommand(): string {
  const w10 = targets.filter(({ os, arch }) => os === 'w10' && arch === 'amd64');
  const manifest = { release: {}, drivers: [], targets: w10 } as unknown as Parameters<
    typeof unattendFiles
  >[0];
  const [text = ''] = unattendFiles(manifest, { packages: packagesOf('Everywhere', w10) } as never).values();
  const [, command = ''] = /<Path>(cmd .*)<\/Path>/.exec(text) ?? [];
  return command.replaceAll('&gt;', '>').replaceAll('&amp;', '&').replaceAll('%d', '%%d');
}

/** Where the choice changes: the first builds of folders, and others between. */
const builds = [6002, 7600, 7601, 9200, 9600, 10240, 14393, 17763, 19045, 20348, 22631, 26100];
