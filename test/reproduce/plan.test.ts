import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { planSchema } from '../../pipeline/reproduce/plan-schema.ts';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { driverFolder, writeTree } from '../builders/tree.ts';

const releaseText = `name: acme-disc
version: 1.0.0
title: Drivers of Acme
unsigned: a test
sources:
  drivers: { type: directory, path: build }
package:
  name: acme-disc
  maintainer: Acme <virt@acme.example>
  formats: [deb, oci]
  changelog:
    - { version: 1.0.0, date: 2026-11-20, changes: [First release.] }
`;

async function makeRelease(text = releaseText): Promise<string> {
  const folder = await temporaryFolder('pvdisc-plan-');
  await writeTree(folder, { ...driverFolder('build/Win11/amd64'), 'release.yaml': text });
  return folder;
}

async function plan(folder: string, ...options: readonly string[]) {
  const { exitCode, stdout, stderr } = await pvdisc(['plan', join(folder, 'release.yaml'), ...options]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

const jobsOf = async (folder: string, ...options: readonly string[]) =>
  planSchema.parse(JSON.parse(await plan(folder, ...options))).jobs;
const keysOf = async (folder: string, ...options: readonly string[]) =>
  (await jobsOf(folder, ...options)).map(({ key }) => key);

test('there is a job for each profile and format, with a key of its own', async () => {
  const jobs = await jobsOf(await makeRelease(), '--profiles', 'full,slim');
  expect(jobs.map(({ id }) => id)).toEqual([
    'acme-disc-1.0.0-full-deb',
    'acme-disc-1.0.0-full-oci',
    'acme-disc-1.0.0-slim-deb',
    'acme-disc-1.0.0-slim-oci',
  ]);
  expect(new Set(jobs.map(({ key }) => key)).size).toBe(4);
});

test('keys depend on no path, but on each input', async () => {
  const folder = await makeRelease();
  const keys = await keysOf(folder);
  const copy = await temporaryFolder('pvdisc-plan-copy-');
  await cp(folder, copy, { recursive: true });
  expect(await keysOf(copy)).toEqual(keys);

  await writeFile(join(copy, 'build/Win11/amd64/viostor.sys'), 'other');
  const changed = await keysOf(copy);
  expect(changed[0]).not.toBe(keys[0]);
  const renamed = await makeRelease(releaseText.replace('Drivers of Acme', 'Other drivers'));
  expect((await keysOf(renamed))[0]).not.toBe(keys[0]);
  const dated = await pvdisc(['plan', join(folder, 'release.yaml')], { SOURCE_DATE_EPOCH: '1800000000' });
  expect(JSON.parse(dated.stdout).jobs[0].key).not.toBe(keys[0]);
});

test('the store has a build under the key of its plan, and the second one is not run', async () => {
  const folder = await makeRelease();
  const [job] = await jobsOf(folder, '--formats', 'oci', '--store', join(folder, 'store'));
  const out = (name: string) => ['--out', join(folder, name)];
  const command = job?.command.slice(0, -4) ?? [];
  const store = ['--store', join(folder, 'store')];
  const first = await pvdisc([...command, ...out('one'), ...store]);
  expect(first.stderr).not.toContain('from the store');
  const second = await pvdisc([...command, ...out('two'), ...store]);
  expect(second.stderr).toContain(`taken from the store, not built: ${job?.key}`);
  await execa('diff', ['-r', join(folder, 'one'), join(folder, 'two')]);

  const file = join(folder, 'store', `${job?.key}.tar`);
  await execa('sed', ['-i', 's/Drivers of Acme/Drivers of Acne/', file]);
  const damaged = await pvdisc([...command, ...out('three'), ...store]);
  expect(damaged).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(
      /built again, and replaced in the store: \S+\.tar: \S+ is not what SHA256SUMS says\n/,
    ),
  });
  await execa('diff', ['-r', join(folder, 'one'), join(folder, 'three')]);
  expect((await readFile(file, 'utf8')).includes('Acne')).toBe(false);
});

test('a build whose store cannot be written to keeps the release, and fails', async () => {
  const folder = await makeRelease();
  const file = join(folder, 'release.yaml');
  const store = join(file, 'store');
  const { exitCode, stderr } = await pvdisc([
    'build',
    file,
    '--formats',
    'oci',
    '--out',
    folder,
    '--store',
    store,
  ]);
  const release = join(folder, 'acme-disc-1.0.0');
  expect(exitCode).toBe(1);
  expect(stderr).toContain(
    `--store ${store}: the release is complete in ${release}, but could not be put into the store: ENOTDIR`,
  );
  expect(await readdir(release)).toContain('SHA256SUMS');
});

test('two releases with the same name and version are an error', async () => {
  const [one, two] = [await makeRelease(), await makeRelease(releaseText.replace('of Acme', 'of others'))];
  const files = [one, two].map((folder) => join(folder, 'release.yaml'));
  expect(await pvdisc(['plan', ...files, '--format', 'gitlab', '--image', 'i'])).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `${files[1]}: is another release than ${files[0]}, with the same name and version: acme-disc 1.0.0
  hint: give one of them another "name" or "version"\n`,
  });
});

test.skipIf(lacksTool('make'))('make runs each job once, and none that is done', async () => {
  const folder = await makeRelease();
  await writeFile(join(folder, 'jobs.mk'), await plan(folder, '--format', 'make', '--out', 'out 5%'));
  const program = join(folder, 'record');
  const record = `#!/bin/sh\necho "$@" >> ${folder}/ran\nwhile [ "$1" != --out ]; do shift; done\nmkdir -p "$2/acme-disc-1.0.0"\ntouch "$2/acme-disc-1.0.0/SHA256SUMS"\n`;
  await writeFile(program, record, { mode: 0o755 });
  const make = () =>
    execa('make', ['--jobs=2', '--silent', '-f', 'jobs.mk', `PVDISC=${program}`], { cwd: folder });
  await make();
  await make();
  const { stdout } = await execa('sort', [join(folder, 'ran')]);
  expect(
    stdout.split('\n').map((line) => / --formats (\w+) --out out 5%\/\w{64} --quiet$/.exec(line)?.[1]),
  ).toEqual(['deb', 'oci']);
});

test('GitHub gets a matrix in one line, GitLab a pipeline with a cache for each key', async () => {
  const folder = await makeRelease();
  const keys = await keysOf(folder);
  const matrix = await plan(folder, '--format', 'github');
  expect(matrix).toMatch(/^matrix=\{.*\}\n$/);
  expect(JSON.parse(matrix.slice('matrix='.length)).include).toMatchObject([
    { key: keys[0], command: expect.stringMatching(/^build .*--formats deb --out dist/) },
    { key: keys[1] },
  ]);
  const gitlab = parse(await plan(folder, '--format', 'gitlab', '--image', 'r.example/pvdisc:1'));
  expect(gitlab['acme-disc-1.0.0-full-oci']).toMatchObject({
    stage: 'build',
    script: [
      expect.stringMatching(/^test -e dist\/\w{64}\/acme-disc-1\.0\.0\/SHA256SUMS \|\| pvdisc build /),
    ],
    cache: { key: keys[1], paths: [`dist/${keys[1]}/acme-disc-1.0.0/`] },
  });
});

test('Kubernetes gets Jobs with the store that keeps their results', async () => {
  const options = [
    '--format',
    'kubernetes',
    '--image',
    'r.example/pvdisc:1',
    '--store',
    'docker://r.example/r',
  ];
  const { kind, items } = parse(await plan(await makeRelease(), ...options));
  expect(kind).toBe('List');
  for (const { kind, metadata, spec } of items) {
    expect(kind).toBe('Job');
    expect(metadata.name).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    const { containers, volumes } = spec.template.spec;
    const [{ args, volumeMounts, workingDir }] = containers;
    expect(args.slice(-4)).toEqual([
      '--out',
      expect.stringMatching(/^\/out\/\w{64}$/),
      '--store',
      'docker://r.example/r',
    ]);
    // The releases in the image's own working folder stay to be seen.
    expect(workingDir).toBeUndefined();
    expect(volumeMounts).toEqual([{ name: volumes[0].name, mountPath: '/out' }]);
  }
});

test.each([
  [
    ['--format', 'gitlab'],
    '--format gitlab: needs the image that runs the jobs\n  hint: give it: --image IMAGE\n',
  ],
  [
    ['--format', 'kubernetes', '--image', 'i'],
    '--format kubernetes: needs a store, since a pod keeps nothing\n  hint: give it: --store STORE\n',
  ],
  [
    ['--format', 'kubernetes', '--image', 'i', '--store', 'results'],
    '--store results: is a folder, which a pod does not keep\n  hint: give docker://REGISTRY/REPOSITORY or rclone:REMOTE:PATH\n',
  ],
  [
    ['--format', 'kubernetes', '--image', 'i', '--store', 'docker://r/r', '--out', 'dist'],
    '--out dist: is where a pod mounts an empty volume\n  hint: give an absolute path, such as /out\n',
  ],
  [
    ['--format', 'kubernetes', '--image', 'i', '--store', 'docker://r/r', '--out', '/data', '/data/r.yaml'],
    '--out /data: the empty volume of a pod would hide /data/r.yaml\n  hint: give another folder, such as /out\n',
  ],
  [
    ['--store', 'package.json'],
    '--store package.json: is a file, expected a folder\n  hint: give a folder, which pvdisc makes where it is missing\n',
  ],
  [
    ['--store', 's3:bucket'],
    '--store s3:bucket: is no kind of store that pvdisc knows\n  hint: give docker://REGISTRY/REPOSITORY, rclone:REMOTE:PATH (S3 and others), or a folder, such as ./s3:bucket\n',
  ],
  [
    ['--profiles', 'slimm'],
    '--profiles slimm: "slimm" is not one of full, slim\n  hint: did you mean slim?\n',
  ],
])('%j is a usage error', async (options, stderr) => {
  expect(await pvdisc(['plan', 'sample', ...options])).toEqual({ exitCode: 2, stdout: '', stderr });
});
