import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { lacksMachine, type Machine, repository, startMachine } from './machine.ts';
import { commandsOf, github, gitlab, jobsOf } from './workflows.ts';

const isSkipped = lacksTool('apt-ftparchive', 'gpg', 'gpgv', 'xorriso', 'zstd') || (await lacksMachine());
const { build, publish, pages } = { ...jobsOf(github), ...jobsOf(gitlab) };

const makeKey = `
export GNUPGHOME=$(mktemp --directory)
gpg --batch --quiet --passphrase '' --quick-gen-key 'CI <ci@example.org>' ed25519 sign never
gpg --armor --export-secret-keys > /tmp/secret.asc
gpg --armor --export > /tmp/public.asc
gpgconf --kill all`;

const surroundings = {
  GitHub: `export RUNNER_TEMP=$(mktemp --directory) SIGNING_KEY="$(cat /tmp/secret.asc)"; mv dist built`,
  GitLab: 'export SIGNING_KEY=/tmp/secret.asc',
};

describe.skipIf(isSkipped).each([
  ['GitHub', publish],
  ['GitLab', pages],
] as const)('on %s', (where, publishing = {}) => {
  let machine: Machine;

  beforeAll(async () => {
    machine = await startMachine();
  });

  afterAll(async () => {
    await machine?.stop();
  });

  test('what one job built another one builds again, signs, verifies and publishes', async () => {
    await machine.run(`${makeKey}\nrm -rf dist built public`, repository);
    await machine.run(commandsFor(build), repository);
    const printed = await machine.run(`${surroundings[where]}\n${commandsFor(publishing)}`, repository);
    expect(printed).toMatch(/SHA256SUMS.asc: is a good signature/);
    const releases = await machine.run('ls public public/dists/stable public/releases/*', repository);
    expect(releases.split('\n')).toEqual(
      expect.arrayContaining(['pvdisc.asc', 'InRelease', 'SHA256SUMS', 'SHA256SUMS.asc']),
    );
  });

  test('nothing is signed that another job built differently', async () => {
    await machine.run('rm -rf public built dist && mkdir -p dist/pvdisc-sample-0.1.0', repository);
    await machine.run('echo other > dist/pvdisc-sample-0.1.0/SHA256SUMS', repository);
    const publication = machine.run(`${surroundings[where]}\n${commandsFor(publishing)}`, repository);
    await expect(publication).rejects.toThrow('differ');
    expect(await machine.run('ls', repository)).not.toContain('public');
  });
});

/** Commands of a job for the sample, without setup. */
function commandsFor(job: Parameters<typeof commandsOf>[0] = {}): string {
  const lines = commandsOf(job).split('\n');
  const commands = lines.filter((line) => line !== 'scripts/setup').join('\n');
  return `export RELEASE=drivers-manifest/releases/sample.yaml\n${commands}`;
}
