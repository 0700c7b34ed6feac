import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { jsonSchemas } from '../../pipeline/cli/schemas.ts';
import { rules } from '../../pipeline/validate/rules/index.ts';
import { withCatalog } from '../builders/catalog.ts';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { type ReleaseOptions, temporaryFolder, writeRelease } from '../builders/release.ts';
import { driverFolder } from '../builders/tree.ts';

/** The release of these tests has no changelog that would date it. */
const dated = { SOURCE_DATE_EPOCH: '1800000000' };
const bad: ReleaseOptions = { files: withCatalog(driverFolder('Win10/x86', { pe: { arch: 'ARM64' } })) };

describe('pvdisc check', () => {
  test('says that a good release is good, with exit code 0', async () => {
    const { file } = await writeRelease({ files: withCatalog(driverFolder('Win10/x86')) });
    expect(await pvdisc(['check', file], dated)).toEqual({
      exitCode: 0,
      stdout: '0 errors, 0 warnings, 0 infos, 0 accepted\n',
      stderr: '',
    });
  });

  test('prints findings in each format on standard output, with exit code 1 for an error', async () => {
    const { file } = await writeRelease(bad);
    const text = await pvdisc(['check', file]);
    expect(text).toMatchObject({ exitCode: 1, stderr: '' });
    expect(text.stdout).toMatch(
      /^viostor\n {2}viostor\/w10\/x86\/viostor\.sys: error: machine is ARM64, expected x86 \[pe\/wrong-machine\]\n/,
    );
    const json = await pvdisc(['check', file, '--format', 'json'], dated);
    expect(JSON.parse(json.stdout)).toMatchObject({
      findings: [{ rule: 'pe/wrong-machine', path: 'viostor/w10/x86/viostor.sys' }],
    });
    const github = await pvdisc(['check', file, '--format=github'], dated);
    expect(github).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^::error title=pe\/wrong-machine%3A viostor.*\n$/),
    });
  });

  test('is content with warnings and accepted findings', async () => {
    const accept = [{ rule: 'pe/wrong-machine', path: '**', reason: 'a test' }];
    const { file } = await writeRelease({ ...bad, release: { accept } });
    expect(await pvdisc(['check', file], dated)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/accepted \(a test\).*\n[\s\S]*1 accepted\n$/),
    });
  });

  test('takes --profile and --use, leaves no file behind, and tells what stops it on standard error', async () => {
    const { file, folder } = await writeRelease({ files: {} });
    const other = await writeRelease({
      files: withCatalog(driverFolder('Win10/x86', { extras: { 'viostor.pdb': 'x' } })),
    });
    vi.stubEnv('TMPDIR', await temporaryFolder('pvdisc-tmp-'));
    const use = `drivers=${join(other.folder, 'sources/drivers')}`;
    expect(await pvdisc(['check', file, '--profile', 'slim', '--use', use])).toMatchObject({ exitCode: 0 });
    const stopped = await pvdisc(['check', file, '--use', `drivers=${join(folder, 'nowhere')}`]);
    expect(stopped).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(/^--use drivers=.*nowhere: no such folder\n/),
    });
    expect(await readdir(process.env.TMPDIR ?? '')).toEqual([]);
    vi.unstubAllEnvs();
  });

  test('names every rule in its help', async () => {
    const { stdout } = await pvdisc(['check', '--help']);
    for (const { id, severity } of rules) expect(stdout).toMatch(new RegExp(`^ *${id} +${severity}$`, 'm'));
  });
});

test.each(Object.entries(jsonSchemas))('pvdisc schema %s prints the JSON Schema', async (name, text) => {
  expect(await pvdisc(['schema', name])).toEqual({ exitCode: 0, stdout: text(), stderr: '' });
});

describe('pvdisc tools', () => {
  test.skipIf(lacksTool('xorriso', 'zstd', 'xz', 'git', 'gpgv', 'apt-ftparchive', 'gpg'))(
    'lists each program with its version and why',
    async () => {
      const { exitCode, stdout } = await pvdisc(['tools']);
      expect(exitCode).toBe(0);
      expect(stdout.split('\n').map((line) => line.split(/ +/)[0])).toEqual([
        'xorriso',
        'zstd',
        'xz',
        'git',
        'bwrap',
        'gpgv',
        'apt-ftparchive',
        'gpg',
        '',
      ]);
      expect(stdout).toMatch(/^xorriso +\d+\.\d+\.\d+ +writes the ISO and reads it back$/m);
      const missing = await pvdisc(['tools', '--missing']);
      expect(missing).toEqual({
        exitCode: 0,
        stdout: expect.stringMatching(/^(?:bubblewrap\n)?$/),
        stderr: '',
      });
    },
  );

  test('names what is missing, with exit code 3, or only the Debian packages', async () => {
    vi.stubEnv('PATH', await temporaryFolder('pvdisc-path-'));
    const { exitCode, stdout } = await pvdisc(['tools']);
    const missing = await pvdisc(['tools', '--missing']);
    vi.unstubAllEnvs();
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^xz +missing: apt-get install xz-utils +compresses/m);
    expect(missing).toEqual({
      exitCode: 0,
      stdout: 'apt-utils\nbubblewrap\ngit\ngnupg\ngpgv\nxorriso\nxz-utils\nzstd\n',
      stderr: '',
    });
  });
});

describe('usage', () => {
  test.each([
    [[], 'pvdisc: name a command', ''],
    [['bake'], 'pvdisc: Unknown argument: bake', ''],
    [['--nope', 'build'], 'pvdisc: name a command', ''],
    [['inspect'], 'pvdisc inspect: its argument is missing', 'inspect '],
    [['check', 'x.yaml', 'y.yaml'], 'pvdisc check: Unknown argument: y.yaml', 'check '],
    [['check', 'x.yaml', '--fromat', 'json'], 'pvdisc check: Unknown argument: fromat', 'check '],
    [
      ['check', 'x.yaml', '--format', 'xml'],
      'pvdisc check: Invalid values: Argument: format, Given: "xml", Choices: "text", "json", "github", "sarif"',
      'check ',
    ],
    [
      ['schema', 'disc'],
      'pvdisc schema: Invalid values: Argument: name, Given: "disc", Choices: "driver", "release", "targets", "licenses", "ledger", "record", "inspection", "findings", "verification", "verifications", "watch", "ledger-check", "ledger-add", "cache", "signature-requests", "signatures"',
      'schema ',
    ],
    [
      ['build', 'x.yaml', '--compression', 'lzma'],
      'pvdisc build: Invalid values: Argument: compression, Given: "lzma", Choices: "zstd", "xz"',
      'build ',
    ],
    [['build', 'x.yaml', '--use'], 'pvdisc build: Not enough arguments following: use', 'build '],
    [['build', 'x.yaml', '--out'], 'pvdisc build: Not enough arguments following: out', 'build '],
    [['check', 'x.yaml', '--format'], 'pvdisc check: Not enough arguments following: format', 'check '],
    [['check', 'x.yaml', '--profile'], 'pvdisc check: Not enough arguments following: profile', 'check '],
  ])('pvdisc %j is refused with exit code 2 and a hint', async (args, words, command) => {
    expect(await pvdisc(args)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `${words}\n  hint: see pvdisc ${command}--help\n`,
    });
  });

  test.each([
    [['build', 'x.yaml', '--out', 'a', '--out', 'b'], '--out: is given more than once'],
    [['check', 'x.yaml', '--profile', 'slim', '--profile', 'full'], '--profile: is given more than once'],
    [['build', 'x.yaml', '--out', ''], '--out: has no value'],
    [['build', ''], '<release>: has no value'],
    [['verify', 'a.iso', ''], '<inputs>: has no value'],
  ])('pvdisc %j is refused as it cannot be meant', async (args, words) => {
    expect(await pvdisc(args)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `${words}\n  hint: give it once, with a value\n`,
    });
  });

  test('a usage error is told as JSON too where JSON is asked for', async () => {
    const { exitCode, stdout } = await pvdisc(['build', 'x.yaml', '--json', '--out', 'a', '--out', 'b']);
    expect({ exitCode, told: JSON.parse(stdout) }).toEqual({
      exitCode: 2,
      told: {
        error: {
          kind: 'usage',
          problems: [
            { place: '--out', message: 'is given more than once', hint: 'give it once, with a value' },
          ],
        },
      },
    });
  });

  test.each(['build', 'inspect', 'verify', 'publish', 'watch'])(
    '%s --help keeps each example on a line',
    async (command) => {
      const { stdout } = await pvdisc([command, '--help']);
      const examples = stdout.slice(stdout.indexOf('Examples:\n')).trimEnd().split('\n').slice(1);
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) expect(example).toMatch(/^ {2}pvdisc \S/);
    },
  );

  test('help tells the commands, exit codes and variables', async () => {
    const { exitCode, stdout } = await pvdisc(['--help']);
    expect(exitCode).toBe(0);
    for (const word of [
      'build <release>',
      'check [release]',
      'schema <name>',
      'publish <releases..>',
      'tools',
      'SOURCE_DATE_EPOCH',
      'PVDISC_CACHE',
      'Exit codes:',
    ]) {
      expect(stdout).toContain(word);
    }
  });

  test('a run without listeners left behind: signals are listened for only while it runs', async () => {
    const before = process.listenerCount('SIGINT');
    await pvdisc(['schema', 'driver']);
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
