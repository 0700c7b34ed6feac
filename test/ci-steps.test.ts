import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import packageJson from '../package.json' with { type: 'json' };
import { releaseFiles } from '../pipeline/init/texts.ts';
import { program } from './builders/built-release.ts';
import { lacksTool } from './builders/needs.ts';
import { temporaryFolder } from './builders/release.ts';

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const release = resolve('drivers-manifest/releases/sample.yaml');

/** A folder of a job, whose PATH has this pvdisc, and programs that install nothing. */
async function startJob() {
  const folder = await temporaryFolder('pvdisc-ci-');
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const programs = {
    pvdisc: `exec node ${program} "$@"`,
    npm: 'echo "npm $*"',
    'apt-get': 'true',
    sudo: '"$@"',
  };
  for (const [name, text] of Object.entries(programs))
    await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const output = join(folder, 'output');
  await writeFile(output, '');
  const env = { PATH: `${bin}:${process.env.PATH}`, GITHUB_OUTPUT: output, RUNNER_TEMP: folder };
  const run = async (shell: string, script: string, more: Readonly<Record<string, string>> = {}) =>
    (await execa(shell, ['-e', '-c', script], { cwd: folder, env: { ...env, ...more }, all: true })).all;
  return { folder, output, run };
}

/** Runs the steps of a job of GitHub that have a script, with the values of expressions. */
async function runSteps(
  steps: readonly Step[],
  values: Readonly<Record<string, string>>,
  { run }: Awaited<ReturnType<typeof startJob>>,
): Promise<string> {
  const filled = (text: string) =>
    text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, name: string) => values[name] ?? '');
  const printed: string[] = [];
  for (const { run: script, env = {} } of steps) {
    if (script === undefined) continue;
    const given = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value)]));
    printed.push(await run('bash', filled(script), given));
  }
  return printed.join('\n');
}

describe.skipIf(lacksTool('xorriso', 'zstd', 'bash'))('the steps of CI run', () => {
  test('as the action of GitHub: a second run takes the release from its cache', async () => {
    const { inputs, runs } = parse(await readFile('action.yml', 'utf8'));
    expect(inputs.version.default).toBe(packageJson.version);
    const job = await startJob();
    const values = { 'inputs.release': release, 'inputs.formats': 'oci', 'inputs.out': 'dist' };
    expect(await runSteps(runs.steps, { ...values, 'inputs.version': '1.2.3' }, job)).toContain(
      'npm install --global pvdisc@1.2.3',
    );
    expect(await runSteps(runs.steps, { ...values, 'inputs.out': 'again' }, job)).toContain(
      'taken from the store',
    );
    await execa('diff', ['-r', 'dist', 'again'], { cwd: job.folder });
    const [first, second] = (await readFile(job.output, 'utf8')).trim().split('\n');
    expect(first).toMatch(/^key=[0-9a-f]{64}$/);
    expect(second).toBe(first);
  });

  test('as the component of GitLab: its plan is a pipeline whose jobs build, and build once', async () => {
    const text = (await readFile('templates/build.yml', 'utf8'))
      .replaceAll('$[[ inputs.releases ]]', release)
      .replaceAll(/\$\[\[ inputs\.(\w+) \]\]/g, '$1');
    const [spec, jobs] = parseAllDocuments(text).map((document) => document.toJS());
    expect(Object.keys(spec.spec.inputs)).toEqual(['releases', 'image', 'stage']);
    const job = await startJob();
    await job.run('bash', jobs['pvdisc-plan'].script.join('\n'));
    const {
      stages,
      default: settings,
      ...builds
    } = parse(await readFile(join(job.folder, 'pvdisc-jobs.yml'), 'utf8'));
    expect({ stages, settings }).toEqual({ stages: ['build'], settings: { image: 'image' } });
    const [build] = Object.values<{ script: string[]; artifacts: { paths: string[] } }>(builds);
    const script = build?.script.join('\n') ?? 'false';
    expect(await job.run('bash', script)).toContain('built.');
    expect(await job.run('bash', script)).toBe('');
    expect(await job.run('bash', `ls ${build?.artifacts.paths[0]}`)).toContain('SHA256SUMS');
  });

  test.each(['github', 'gitlab'] as const)('as pvdisc init writes them for %s', async (system) => {
    const answers = { name: 'a', version: '1', title: 't', maintainer: 'A <a@example.org>', date: '' };
    const source = { type: 'directory', path: 'build' } as const;
    const [, text = ''] =
      releaseFiles({ draft: {}, source, answers, newDrivers: [], ci: [system], pvdisc: '9.8.7' }).find(
        ([path]) => path.endsWith('.yml'),
      ) ?? [];
    const job = await startJob();
    await job.run('bash', `cp ${release} release.yaml`);
    const parsed = parse(text);
    const steps: Step[] =
      system === 'github'
        ? parsed.jobs.build.steps
        : [{ run: [...parsed.default.before_script, ...parsed.build.script].join('\n') }];
    // Without the secret, nothing is published.
    expect(await runSteps(steps, {}, job)).toContain('npm install --global pvdisc@9.8.7');
    expect(await job.run('bash', 'ls dist/*')).toContain('SHA256SUMS');
  });
});
