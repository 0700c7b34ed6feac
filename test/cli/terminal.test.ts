import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ownLedger } from '../../pipeline/manifest/ledger.ts';
import { type BuiltRelease, builtSample, program } from '../builders/built-release.ts';
import { makeGpgKey } from '../builders/gpg-key.ts';
import { lacksTool } from '../builders/needs.ts';
import { onTerminal, type TerminalSettings, terminalTools } from '../builders/pseudo-terminal.ts';
import { temporaryFolder, writeText } from '../builders/release.ts';

const sample = join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml');
const name = 'pvdisc-sample-0.1.0';

const pvdisc = (args: readonly string[], settings?: TerminalSettings) =>
  onTerminal([process.execPath, program, ...args], settings);

/** Sizes of packages differ between versions of zstd. */
const withoutSizes = (lines: readonly string[], out: string) =>
  lines.map((line) => line.replaceAll(out, 'OUT').replace(/\d[\d.]* [kM]B/g, 'SIZE'));

const matrix = [
  'Drivers by Windows (x: x86, A: amd64, R: ARM64)',
  'driver     2k8R2 w7  w8.1 2k12R2 w10    2k16 2k19 2k22 w11  2k25',
  'sampleblk  A-    xA- A-   A-     x~A-R- A-   A-   A-   A-R- A-R-',
  'samplenet  A-    xA- A-   A-     x~A-R- A-   A-   A-   A-R- A-R-',
  'samplenull .     .   .    .      x~A-R- A-   A-   A-   A-R- A-R-',
  '~ loads without Secure Boot only; - does not load',
  '',
];

/** The end of a build by the width of the terminal. */
const loads: Readonly<Record<number, readonly string[]>> = {
  40: [
    '3 of 3 drivers load on some of their',
    'Windows only (35 of 40 packages do not',
    'load): unsigned',
    '  sampleblk, samplenet, samplenull',
    '  2k8R2/amd64, w7/amd64, w8.1/amd64,',
    '  2k12R2/amd64: 0 of 2 drivers load',
    '  w10/amd64, w10/ARM64, 2k16/amd64,',
    '  2k19/amd64, 2k22/amd64, w11/amd64,',
    '  w11/ARM64, 2k25/amd64, 2k25/ARM64: 0',
    '  of 3 drivers load',
  ],
  80: [
    '3 of 3 drivers load on some of their Windows only (35 of 40 packages do not',
    'load): unsigned',
    '  sampleblk, samplenet, samplenull',
    '  2k8R2/amd64, w7/amd64, w8.1/amd64, 2k12R2/amd64: 0 of 2 drivers load',
    '  w10/amd64, w10/ARM64, 2k16/amd64, 2k19/amd64, 2k22/amd64, w11/amd64,',
    '  w11/ARM64, 2k25/amd64, 2k25/ARM64: 0 of 3 drivers load',
  ],
  200: [
    '3 of 3 drivers load on some of their Windows only (35 of 40 packages do not load): unsigned',
    '  sampleblk, samplenet, samplenull',
    '  2k8R2/amd64, w7/amd64, w8.1/amd64, 2k12R2/amd64: 0 of 2 drivers load',
    '  w10/amd64, w10/ARM64, 2k16/amd64, 2k19/amd64, 2k22/amd64, w11/amd64, w11/ARM64, 2k25/amd64, 2k25/ARM64: 0 of 3 drivers load',
  ],
};

const builtLines = (good: string, columns = 80) => [
  `${good} collect: 100 files, 40 driver packages`,
  `${good} validate: 0 warnings, 10 infos, 54 accepted findings`,
  `${good} assemble: 150 files on ${name}.iso, SIZE; 17 files on pvdisc-sample-symbols-0.1.0.iso, SIZE`,
  `${good} package: pvdisc-sample_0.1.0-1_all.deb, SIZE; pvdisc-sample-symbols_0.1.0-1_all.deb, SIZE; pvdisc-sample-drivers_0.1.0-1_all.deb, SIZE`,
  `${good} attest: ${name}.iso, pvdisc-sample-symbols-0.1.0.iso, pvdisc-sample_0.1.0-1_all.deb, pvdisc-sample-symbols_0.1.0-1_all.deb, pvdisc-sample-drivers_0.1.0-1_all.deb, release.json, ${name}.cdx.json, ${name}.intoto.json, report.html, SHA256SUMS`,
  '',
  'Sample drivers that pvdisc makes itself, to try it on; they do nothing: built.',
  `  ISO   OUT/${name}/${name}.iso`,
  `  ISO   OUT/${name}/pvdisc-sample-symbols-0.1.0.iso`,
  `  deb   OUT/${name}/pvdisc-sample_0.1.0-1_all.deb`,
  `  deb   OUT/${name}/pvdisc-sample-symbols_0.1.0-1_all.deb`,
  `  deb   OUT/${name}/pvdisc-sample-drivers_0.1.0-1_all.deb`,
  `  page  OUT/${name}/report.html`,
  '',
  ...(loads[columns] ?? []),
  ...(columns < 80
    ? ['Matrix left out, since it is wider than the screen: report.html has it', '']
    : ['', ...matrix]),
  'Next, on the host that runs the guests:',
  `  sudo apt install OUT/${name}/pvdisc-sample_0.1.0-1_all.deb`,
  '  sudo virtio-win attach GUEST',
];

/** Makes a process write its exit code to a file. */
const exitCodeWriter = `data:text/javascript,${encodeURIComponent(
  "import { writeFileSync } from 'node:fs'; process.on('exit', (code) => writeFileSync(process.env.CODE, String(code)));",
)}`;

const noLocale = { LANG: undefined, NO_COLOR: '1' };

describe.skipIf(lacksTool(...terminalTools, 'xorriso', 'zstd'))(
  'a build on a terminal',
  { timeout: 90_000 },
  () => {
    test.each([
      ['40 columns', 40, [], {}, '✔'],
      ['80 columns, resized while it runs', 80, [140, 40, 80], {}, '✔'],
      ['200 columns, without a locale and colours', 200, [], noLocale, '+'],
    ] as const)('of %s leaves each stage and the result', async (_what, columns, widths, env, good) => {
      const out = await temporaryFolder('pvdisc-terminal-');
      const running = await pvdisc(['build', sample, '--out', out], { columns, env });
      for (const [index, width] of widths.entries()) {
        await running.shows(['validate', 'assemble', 'package'][index] ?? '');
        await running.resize(width);
      }
      const { lines, rows, exitCode, written, isReset } = await running.result;
      expect(withoutSizes(lines, out)).toEqual(builtLines(good, columns));
      expect({ exitCode, isReset }).toEqual({ exitCode: 0, isReset: true });
      expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(columns);
      expect(written.includes('\x1b[32m')).toBe(env !== noLocale);
      expect(await readdir(out)).toEqual([name]);
    });

    /** A build whose xorriso never ends; writes its exit code to a file, since script(1) ends with the terminal. */
    const stuck = async () => {
      const folder = await temporaryFolder('pvdisc-terminal-');
      await mkdir(join(folder, 'out'));
      await writeFile(join(folder, 'xorriso'), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
      const PATH = `${folder}:${process.env.PATH}`;
      const env = { PATH, CODE: join(folder, 'code'), NODE_OPTIONS: `--import=${exitCodeWriter}` };
      const running = await pvdisc(['build', sample, '--out', join(folder, 'out')], { env });
      await running.shows('assemble');
      return { ...running, folder };
    };

    test('stops at Ctrl-C, says so, and leaves nothing', async () => {
      const { type, result, folder } = await stuck();
      type('\x03');
      const { lines, exitCode, isReset } = await result;
      expect(lines).toEqual([
        ...builtLines('✔').slice(0, 2),
        '✖ assemble',
        'pvdisc: stopped; no partial output is left',
      ]);
      expect({ exitCode, isReset }).toEqual({ exitCode: 130, isReset: true });
      expect(await readdir(join(folder, 'out'))).toEqual([]);
    });

    test('stops when the terminal is closed, and leaves nothing', async () => {
      const { hangUp, result, folder } = await stuck();
      hangUp();
      await result;
      const code = () => readFile(join(folder, 'code'), 'utf8');
      expect(await vi.waitFor(code, { timeout: 120_000 })).toBe('129');
      expect(await readdir(join(folder, 'out'))).toEqual([]);
    });
  },
);

describe.skipIf(lacksTool(...terminalTools, 'xorriso', 'zstd'))(
  'a build that is refused',
  { timeout: 90_000 },
  () => {
    const refused = async ({ env = {}, redirections = '' }: TerminalSettings) => {
      const folder = await temporaryFolder('pvdisc-terminal-');
      const yaml = (await readFile(sample, 'utf8')).replace(/^accept:\n(?: .*\n)+/m, '');
      const file = await writeText(folder, 'release.yaml', yaml);
      const shell = redirections.replaceAll('FOLDER', folder);
      const args = ['build', file, '--out', join(folder, 'dist')];
      const running = await pvdisc(args, { redirections: shell, env });
      return { ...(await running.result), folder };
    };
    const problem = expect.stringMatching(/^sampleblk\/\S+: .*names no catalog/);

    test('writes plain lines on a dumb terminal', async () => {
      const { lines, written, exitCode } = await refused({ env: { TERM: 'dumb' } });
      expect(lines.slice(0, 4)).toEqual([
        'collect ...',
        expect.stringMatching(/^collect: /),
        'validate ...',
        problem,
      ]);
      expect(written).not.toContain('\x1b');
      expect(exitCode).toBe(1);
    });

    test('writes plain lines where standard error is a file', async () => {
      const { lines, folder } = await refused({ redirections: '2> FOLDER/err' });
      expect(lines).toEqual([]);
      const err = (await readFile(join(folder, 'err'), 'utf8')).split('\n');
      expect(err.slice(0, 4)).toEqual([
        'collect ...',
        expect.stringMatching(/^collect: /),
        'validate ...',
        problem,
      ]);
    });

    test('shows the stage that failed and why, and none after it, also where standard output is a file', async () => {
      const { lines, exitCode, isReset, folder } = await refused({ redirections: '> FOLDER/result' });
      expect(lines.slice(0, 3)).toEqual([expect.stringMatching(/^✔ collect: /), '✖ validate', problem]);
      expect(lines.join('\n')).not.toContain('assemble');
      expect({ exitCode, isReset }).toEqual({ exitCode: 1, isReset: true });
      expect(await readFile(join(folder, 'result'), 'utf8')).toBe('');
    });
  },
);

/** Makes a process wait for a file after it created a temporary folder. */
const waiter = `data:text/javascript,${encodeURIComponent(`
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { mkdtemp, open, readdir, stat } = fs.promises;
let waits = false;
fs.promises.mkdtemp = (...args) => { waits = true; return mkdtemp(...args); };
for (const [name, run] of Object.entries({ open, readdir, stat })) {
  fs.promises[name] = async (...args) => {
    while (waits && !fs.existsSync(process.env.GO)) await new Promise((resolve) => setTimeout(resolve, 50));
    return run(...args);
  };
}
syncBuiltinESMExports();`)}`;

describe.skipIf(lacksTool(...terminalTools, 'xorriso', 'zstd', 'apt-ftparchive', 'gpg', 'gpgconf'))(
  'a command that takes over a second',
  { timeout: 90_000 },
  () => {
    let release: BuiltRelease;
    beforeAll(async () => {
      release = await builtSample();
    });

    const commands: Record<string, (key: string, folder: string) => string[]> = {
      check: () => ['check', sample, '--verbose'],
      inspect: () => ['inspect', release.deb],
      verify: () => ['verify', release.folder],
      publish: (key, folder) => ['publish', '--apt', join(folder, 'apt'), '--key', key, release.folder],
    };

    /** Runs a command on a terminal that continues on demand, so that it takes over a second. */
    const waiting = async (args: readonly string[], { env, ...settings }: TerminalSettings = {}) => {
      const GO = join(await temporaryFolder('pvdisc-terminal-'), 'go');
      const all = { NODE_OPTIONS: `--import=${waiter}`, GO, ...env };
      const running = await pvdisc(args, { ...settings, env: all });
      return { ...running, goOn: () => writeFile(GO, '') };
    };

    test.each(Object.keys(commands))('%s shows what it does, and leaves the result', async (command) => {
      const key = await makeGpgKey();
      onTestFinished(key.remove);
      const env = { GNUPGHOME: key.home };
      const folder = await temporaryFolder('pvdisc-terminal-');
      const given = (which: string) => commands[command]?.(key.id, join(folder, which)) ?? [];
      const dumb = await pvdisc(given('dumb'), { columns: 40, env: { ...env, TERM: 'dumb' } });
      const live = await waiting(given('live'), { columns: 200, env: { ...env, ...noLocale } });
      for (const columns of [200, 80, 40]) {
        await live.resize(columns);
        await live.shows(new RegExp(`^${command} \\(\\d+ s\\)[^\\n]*$`));
      }
      await live.goOn();
      const [wanted, { lines, exitCode, isReset }] = [await dumb.result, await live.result];
      expect(wanted.lines.length).toBeGreaterThan(3);
      expect(wanted.written).not.toContain('\x1b');
      expect(lines.map((line) => line.replaceAll(join(folder, 'live'), join(folder, 'dumb')))).toEqual(
        wanted.lines,
      );
      expect([exitCode, isReset, wanted.exitCode]).toEqual([0, true, 0]);
    });

    test('stops at Ctrl-C with a clear screen', async () => {
      const running = await waiting(['inspect', release.deb]);
      await running.shows('inspect (1 s)');
      running.type('\x03');
      await running.goOn();
      const { lines, exitCode, isReset } = await running.result;
      expect(lines).toEqual(['pvdisc: stopped; no partial output is left']);
      expect({ exitCode, isReset }).toEqual({ exitCode: 130, isReset: true });
    });

    test('stops at a second Ctrl-C with a clear screen, where a file never answers', async () => {
      const running = await waiting(['inspect', release.deb]);
      await running.shows('inspect (1 s)');
      running.type('\x03');
      running.type('\x03');
      const { lines, exitCode, isReset } = await running.result;
      expect(lines).toEqual(['pvdisc: stopped immediately']);
      expect({ exitCode, isReset }).toEqual({ exitCode: 130, isReset: true });
    });

    test('shows it where standard output is piped, whose reader may go early, and not where a program reads', async () => {
      const piped = await waiting(['inspect', release.deb], { redirections: '| head -n 1' });
      await piped.shows('inspect (1 s)');
      await piped.goOn();
      expect((await piped.result).lines).toHaveLength(1);
      const json = await waiting(['inspect', release.deb, '--format', 'json'], {
        redirections: '> /dev/null',
      });
      await sleep(2500);
      await json.goOn();
      expect(await json.result).toMatchObject({ exitCode: 0, written: expect.not.stringContaining('\x1b') });
    });

    test('ledger add keeps its stage', async () => {
      const ledger = join(await temporaryFolder('pvdisc-terminal-'), 'ledger.yaml');
      await copyFile(ownLedger, ledger);
      const url = `file://${release.iso}`;
      const running = await pvdisc(['ledger', 'add', url, '--release', '9.9.9-1', '--ledger', ledger], {
        columns: 40,
      });
      const { lines, exitCode } = await running.result;
      expect(lines.slice(0, 1)).toEqual(['✔ fetch: 9.9.9-1']);
      expect(exitCode).toBe(0);
    });
  },
);
