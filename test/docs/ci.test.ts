import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { exitCodes } from '../../pipeline/core/errors.ts';
import { metadataKeys } from '../../pipeline/manifest/package-schema.ts';
import { releaseSchema } from '../../pipeline/manifest/release-schema.ts';
import { pvdisc } from '../builders/command.ts';
import { readDocument, tableWith } from './markdown.ts';
import {
  commandsOf,
  examples,
  github,
  gitlab,
  jobsOf,
  ownReleaseExample,
  releaseExample,
  textOf,
} from './workflows.ts';

test.each(examples)('YAML of $path:$line can be read', ({ text }) => {
  expect(parse(text, { uniqueKeys: true, strict: true })).toBeTypeOf('object');
});

test('the release of ci.md is one, of the newest disc of the ledger', async () => {
  const { sources } = releaseSchema.parse(parse(textOf(releaseExample)));
  const { releases } = parse(await readFile('drivers-manifest/ledger.yaml', 'utf8'));
  const { url, sha256, size } = releases[0];
  expect(sources.disc).toMatchObject({ type: 'http', url, sha256, size });
});

test('the release of one’s own in ci.md is one, and shows all keys that describe packages', () => {
  const written = parse(textOf(ownReleaseExample));
  expect(releaseSchema.parse(written)).toMatchObject({ unsigned: expect.any(String), drivers: 'drivers' });
  expect(Object.keys(written.package)).toEqual(expect.arrayContaining([...metadataKeys]));
});

test('ci.md shows the workflow that this project has', async () => {
  expect(`${textOf(github)}\n`).toBe(await readFile('.github/workflows/release.yml', 'utf8'));
});

describe.each([
  ['GitHub', jobsOf(github)],
  ['GitLab', jobsOf(gitlab)],
])('the jobs of %s', (_where, jobs) => {
  const lines = Object.values(jobs)
    .flatMap((job) => commandsOf(job).split('\n'))
    .flatMap((line) => /npx pvdisc .*/.exec(line) ?? []);

  test('check, compare two builds, build, build signed, verify and publish, and watch', () => {
    const done = lines.map((line) => line.split(' ').slice(2, 3)[0]);
    expect([...done].sort()).toEqual(['build', 'build', 'build', 'check', 'publish', 'verify', 'watch']);
    expect(lines.filter((line) => line.includes('--check-reproducible'))).toHaveLength(1);
    expect(lines.find((line) => line.includes('pvdisc check'))).toContain('--format sarif > findings.sarif');
  });

  test('use options that there are', async () => {
    for (const line of lines) {
      const [, command = ''] = /npx pvdisc (\w+)/.exec(line) ?? [];
      const { stdout } = await pvdisc([command, '--help']);
      for (const [option] of line.matchAll(/--[a-z-]+/g)) expect(stdout, line).toContain(`${option} `);
    }
  });

  test('need jobs that there are', () => {
    const needed = Object.values(jobs).flatMap(({ needs }) => needs ?? []);
    for (const job of needed) expect(Object.keys(jobs)).toContain(job);
  });
});

test('GitHub gets the findings for its code scanner', () => {
  const uses = Object.values(jobsOf(github)).flatMap(({ steps = [] }) =>
    steps.flatMap((step) => step.uses ?? []),
  );
  expect(uses.filter((action) => action.startsWith('github/codeql-action/upload-sarif@'))).toHaveLength(1);
  for (const action of uses) expect(action).toMatch(/^(?:actions|github)\/[\w/-]+@[0-9a-f]{40}$/);
});

test('ci.md has every exit code', () => {
  const { rows } = tableWith(readDocument('docs/ci.md'), 'code', 'means');
  const codes = rows.flatMap(([cell = '']) => cell.split(', ').map(Number));
  expect(codes).toEqual([...Object.values(exitCodes), 129, 143].sort((a, b) => a - b));
});

test('GitHub attests what the sums name, and may', () => {
  const { steps = [], permissions } = jobsOf(github).publish ?? {};
  const step = steps.find(({ uses }) => uses?.startsWith('actions/attest-build-provenance@'));
  expect(permissions).toMatchObject({ 'id-token': 'write', attestations: 'write' });
  expect(step?.with).toEqual({
    'subject-checksums': expect.stringMatching(/^\$\{\{ runner\.temp \}\}\/subjects$/),
  });
  expect(commandsOf({ steps })).toContain('cat dist/*/SHA256SUMS > "$RUNNER_TEMP/subjects"');
});
