import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { jsonSchemas } from '../../pipeline/manifest/json-schema.ts';
import { rules } from '../../pipeline/rules/index.ts';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { type ReleaseOptions, temporaryFolder, writeRelease } from '../builders/release.ts';
import { driverFolder } from '../builders/tree.ts';

const bad: ReleaseOptions = { files: driverFolder('Win10/x86', { pe: { arch: 'ARM64' } }) };

describe('pvdisc check', () => {
  test('says that a good release is good, with exit code 0', async () => {
    const { file } = await writeRelease({ files: driverFolder('Win10/x86') });
    expect(await pvdisc(['check', file])).toEqual({
      exitCode: 0,
      stdout: '0 errors, 0 warnings, 0 accepted\n',
      stderr: '',
    });
  });

  test('prints findings in each format on standard output, with exit code 1 for an error', async () => {
    const { file } = await writeRelease(bad);
    const text = await pvdisc(['check', file]);
    expect(text).toMatchObject({ exitCode: 1, stderr: '' });
    expect(text.stdout).toMatch(
      /^viostor\/w10\/x86\/viostor\.sys: error: machine is ARM64, expected x86 \[pe\/wrong-machine\]\n/,
    );
    const json = await pvdisc(['check', file, '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      findings: [{ rule: 'pe/wrong-machine', path: 'viostor/w10/x86/viostor.sys' }],
    });
    const github = await pvdisc(['check', file, '--format=github']);
    expect(github).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^::error title=pe\/wrong-machine%3A viostor.*\n$/),
    });
  });

  test('is content with warnings and accepted findings', async () => {
    const accept = [{ rule: 'pe/wrong-machine', path: '**', reason: 'a test' }];
    const { file } = await writeRelease({ ...bad, release: { accept } });
    expect(await pvdisc(['check', file])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/accepted \(a test\).*\n[\s\S]*1 accepted\n$/),
    });
  });

  test('takes --profile and --use, leaves no file behind, and tells what stops it on standard error', async () => {
    const { file, folder } = await writeRelease({ files: {} });
    const other = await writeRelease({
      files: driverFolder('Win10/x86', { extras: { 'viostor.pdb': 'x' } }),
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
  test.skipIf(lacksTool('xorriso', 'zstd', 'xz', 'git'))(
    'lists each program with its version and why',
    async () => {
      const { exitCode, stdout } = await pvdisc(['tools']);
      expect(exitCode).toBe(0);
      expect(stdout.split('\n').map((line) => line.split(/ +/)[0])).toEqual([
        'xorriso',
        'zstd',
        'xz',
        'git',
        '',
      ]);
      expect(stdout).toMatch(/^xorriso +\d+\.\d+\.\d+ +writes the ISO and reads ISOs$/m);
      expect(await pvdisc(['tools', '--missing'])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    },
  );

  test('names what is missing, with exit code 3, or only the Debian packages', async () => {
    vi.stubEnv('PATH', await temporaryFolder('pvdisc-path-'));
    const { exitCode, stdout } = await pvdisc(['tools']);
    const missing = await pvdisc(['tools', '--missing']);
    vi.unstubAllEnvs();
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^xz +missing: apt-get install xz-utils +compresses/m);
    expect(missing).toEqual({ exitCode: 0, stdout: 'git\nxorriso\nxz-utils\nzstd\n', stderr: '' });
  });
});

describe('usage', () => {
  test.each([
    [[], 'name a command'],
    [['bake'], 'bake'],
    [['check'], 'Not enough non-option arguments: got 0, need at least 1'],
    [['check', 'x.yaml', '--fromat', 'json'], 'fromat'],
    [['check', 'x.yaml', '--format', 'xml'], 'Given: "xml", Choices: "text", "json", "github"'],
    [['schema', 'disc'], 'Given: "disc", Choices: "driver", "release", "targets", "licenses", "record"'],
    [['build', 'x.yaml', '--compression', 'lzma'], 'Choices: "zstd", "xz"'],
  ])('pvdisc %j is refused with exit code 2 and a hint', async (args, words) => {
    const { exitCode, stdout, stderr } = await pvdisc(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^pvdisc: /);
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/\n {2}hint: see pvdisc --help\n$/);
  });

  test('help tells the commands, exit codes and variables', async () => {
    const { exitCode, stdout } = await pvdisc(['--help']);
    expect(exitCode).toBe(0);
    for (const word of [
      'build <release>',
      'check <release>',
      'schema <name>',
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
