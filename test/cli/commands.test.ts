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

/** The release of these tests has no changelog with a date. */
const dated = { SOURCE_DATE_EPOCH: '1800000000' };
const bad: ReleaseOptions = { files: withCatalog(driverFolder('Win10/x86', { pe: { arch: 'ARM64' } })) };

describe('pvdisc check', () => {
  test('says that a good release is good, with exit code 0', async () => {
    const { file } = await writeRelease({ files: withCatalog(driverFolder('Win10/x86')) });
    expect(await pvdisc(['check', file], dated)).toEqual({
      exitCode: 0,
      stdout:
        '0 errors, 0 warnings, 0 infos, 0 accepted\n\n1 of 1 driver loads on all its Windows, without Secure Boot only\n',
      stderr: '',
    });
  });

  test('prints findings in each format on standard output, with exit code 1 for an error', async () => {
    const { file } = await writeRelease(bad);
    const text = await pvdisc(['check', file, 'pe/wrong-machine']);
    const summary = await pvdisc(['check', file]);
    expect(summary.stdout).toMatch(
      /^severity .*\nerror +1 {2}pe\/wrong-machine {2}viostor {2}w10 +viostor\/w10\/x86\//,
    );
    expect(summary.stdout.trimEnd().split('\n').at(-1)).toBe(
      '1 of 1 driver loads on all its Windows, without Secure Boot only, but has errors',
    );
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
      stdout: expect.stringMatching(
        /^::error title=pe\/wrong-machine%3A viostor.*\n::warning title=where drivers load::1 of 1 driver loads .*\n$/,
      ),
    });
  });

  test('is content with warnings and accepted findings', async () => {
    const accept = [{ rule: 'pe/wrong-machine', path: '**', reason: 'a test' }];
    const { file } = await writeRelease({ ...bad, release: { accept } });
    expect(await pvdisc(['check', file, 'pe/wrong-machine'], dated)).toMatchObject({
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
    [[], ': no command given', 'see pvdisc --help'],
    [['bake'], ': unknown command "bake"', 'see pvdisc --help'],
    [['biuld'], ': unknown command "biuld"', 'did you mean pvdisc build?'],
    [
      ['--nope', 'build'],
      ': no command given before --nope',
      'give the command first, then its options; see pvdisc --help',
    ],
    [['inspect'], ' inspect: argument <input> is missing', 'see pvdisc inspect --help'],
    [['verify'], ' verify: argument <inputs> is missing', 'see pvdisc verify --help'],
    [['diff'], ' diff: argument <old> is missing', 'see pvdisc diff --help'],
    [['diff', 'x'], ' diff: argument <new> is missing', 'see pvdisc diff --help'],
    [['biuld', 'x.yaml', '--offline'], ': unknown command "biuld"', 'did you mean pvdisc build?'],
    [
      ['publish', '--apt', 'a', '--key', 'b'],
      ' publish: argument <releases> is missing',
      'see pvdisc publish --help',
    ],
    [['inspect', 'x', 'inf/no-modls', 'y'], ' inspect: unexpected argument "y"', 'see pvdisc inspect --help'],
    [['inspect', 'x', 'y'], ' inspect x y: no such rule', '"pvdisc check --help" lists all rules'],
    [['inspect', '--format'], ' inspect: option --format needs a value', 'see pvdisc inspect --help'],
    [
      ['check', 'x.yaml', 'y.yaml'],
      ' check x.yaml y.yaml: no such rule',
      '"pvdisc check --help" lists all rules',
    ],
    [
      ['check', 'inf/no-models'],
      ' check inf/no-models: is a rule, not a release',
      'pvdisc check RELEASE inf/no-models shows its findings, pvdisc check --explain inf/no-models explains it',
    ],
    [['check', 'x.yaml', '-x'], ' check: unknown option -x', 'see pvdisc check --help'],
    [['check', 'x.yaml', '--fromat', 'json'], ' check: unknown option --fromat', 'did you mean --format?'],
    [
      ['build', 'x.yaml', '--check-reprodcible=yes'],
      ' build: unknown option --check-reprodcible',
      'did you mean --check-reproducible?',
    ],
    [['publish', 'x', '--apt', 'y'], ' publish: option --key is missing', 'see pvdisc publish --help'],
    [
      ['check', 'x.yaml', '--format', 'jsn'],
      ' check: --format is "jsn", expected text, json, github or sarif',
      'did you mean json?',
    ],
    [
      ['build', 'x.yaml', '--compression', 'gz'],
      ' build: --compression is "gz", expected zstd or xz',
      'see pvdisc build --help',
    ],
    [
      ['schema', 'records'],
      ' schema: <name> is "records", expected driver, release, targets, licenses, ledger, record, inspection, which, comparison, findings, baseline, verification, verifications, watch, ledger-check, ledger-add, cache, plan, signature-requests, signatures or submission',
      'did you mean record?',
    ],
    [['build', 'x.yaml', '--use'], ' build: option --use needs a value', 'see pvdisc build --help'],
    [['build', 'x.yaml', '--out'], ' build: option --out needs a value', 'see pvdisc build --help'],
    [['check', 'x.yaml', '--format'], ' check: option --format needs a value', 'see pvdisc check --help'],
    [['check', 'x.yaml', '--profile'], ' check: option --profile needs a value', 'see pvdisc check --help'],
    [
      ['build', 'x.yaml', '--sign', 'a', '--sign-key-file', 'b'],
      ' build: --sign-key-file and --sign exclude each other',
      'give one of them',
    ],
    [
      ['build', 'x.yaml', '--sign-passphrase-file', 'b'],
      ' build: --sign-passphrase-file needs --sign-key-file',
      'add --sign-key-file',
    ],
    [['cache'], ' cache: argument <action> is missing', 'see pvdisc cache --help'],
    [['which'], ' which: argument <hardwareId> is missing', 'see pvdisc which --help'],
    [
      ['ledger', 'shw'],
      ' ledger: unknown action "shw", expected list, show, check or add',
      'did you mean show?',
    ],
    [
      ['ledger', 'chek', 'x.iso'],
      ' ledger: unknown action "chek", expected list, show, check or add',
      'did you mean check?',
    ],
    [['ledger', 'check'], ' ledger: the argument of check is missing', 'see pvdisc ledger check --help'],
  ])('pvdisc %j is refused with exit code 2 and a hint', async (args, words, hint) => {
    expect(await pvdisc(args)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `pvdisc${words}\n  hint: ${hint}\n`,
    });
  });

  test('names every unknown and every missing option', async () => {
    expect(await pvdisc(['build', 'x.yaml', '--ofline', '--jsn'])).toMatchObject({
      exitCode: 2,
      stderr: [
        'pvdisc build: unknown option --ofline',
        '  hint: did you mean --offline?',
        'pvdisc build: unknown option --jsn',
        '  hint: did you mean --json?',
        '',
      ].join('\n'),
    });
    expect((await pvdisc(['publish', 'x'])).stderr).toMatch(/option --apt, --rpm or --oci is missing\n/);
  });

  test('shows a number of days as it was given', async () => {
    const { exitCode, stderr } = await pvdisc([
      'publish',
      'x',
      '--apt',
      'y',
      '--key',
      'k',
      '--valid-for',
      '1e3',
    ]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: '--valid-for 1e3: must be a number of days from 1 to 9999\n  hint: see pvdisc publish --help\n',
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
