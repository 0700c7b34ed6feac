import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { program } from '../builders/built-release.ts';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder, writeText } from '../builders/release.ts';
import { hostileNames } from './names.ts';

const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];

/** Names that git itself lets into a tree object when it is written by hand. */
const names = hostileNames.filter(({ path }) => !/[/\0]/.test(path) && Buffer.byteLength(path) < 4000);

describe.skipIf(lacksTool('git', 'time'))('hostile repositories', () => {
  test.each(names)('a tree with a name that $name is refused', async ({ path, says }) => {
    const { git, blob } = await makeRepository();
    const tree = await git(['mktree', '-z'], `100644 blob ${blob}\t${path}\0`);
    const { exitCode, stderr } = await pvdisc(await checkOf(git, tree));
    expect(stderr).toMatch(says);
    expect(exitCode).toBe(1);
  });

  test.each([
    ['a symbolic link', '120000 blob', /is a symbolic link/],
    ['a submodule', '160000 commit', /is a submodule/],
  ])('%s is refused', async (_, kind, says) => {
    const { git, blob } = await makeRepository();
    const id = kind.endsWith('commit') ? 'a'.repeat(40) : blob;
    const tree = await git(['mktree', '--missing'], `${kind} ${id}\tlink\n`);
    expect((await pvdisc(await checkOf(git, tree))).stderr).toMatch(says);
  });

  test('a bomb of trees in trees stops at the limit, in little memory', { timeout: 300_000 }, async () => {
    const { git, blob } = await makeRepository();
    const lines = (line: string) => Array.from({ length: 10 }, (_, index) => `${line}${index}\n`).join('');
    let tree = await git(['mktree'], lines(`100644 blob ${blob}\tf`));
    for (let depth = 0; depth < 9; depth += 1) tree = await git(['mktree'], lines(`040000 tree ${tree}\td`));
    const command = [process.execPath, program, ...(await checkOf(git, tree))];
    const measured = ['-f', 'measured %M', ...command];
    const { exitCode, all } = await execa('time', measured, { all: true, reject: false });
    expect(all).toMatch(/holds more than 20000 files and folders[\s\S]*raise "files"/);
    expect(exitCode).toBe(1);
    expect(Number(/^measured (\d+)$/m.exec(all)?.[1]) / 1024).toBeLessThan(500);
  });
});

type Git = (args: readonly string[], input: string) => Promise<string>;

async function makeRepository(): Promise<{ git: Git; blob: string }> {
  const folder = await temporaryFolder('pvdisc-repository-');
  const git: Git = async (args, input) =>
    (await execa('git', ['-C', folder, ...author, ...args], { input })).stdout.trim();
  await git(['init', '--quiet'], '');
  return { git, blob: await git(['hash-object', '-w', '--stdin'], 'evil') };
}

/** Returns the arguments that check a release of a commit of that tree. */
async function checkOf(git: Git, tree: string): Promise<string[]> {
  const commit = await git(['commit-tree', '-m', 'x', tree], '');
  const repository = await git(['rev-parse', '--show-toplevel'], '');
  const text = stringify({
    name: 'hostile-disc',
    version: '1.2.3',
    title: 'Hostile drivers',
    sources: { drivers: { type: 'git', url: 'https://example.invalid/x.git', commit } },
    package: { name: 'hostile-disc' },
  });
  const release = await writeText(await temporaryFolder('pvdisc-release-'), 'release.yaml', text);
  return ['check', release, '--use', `drivers=${repository}`];
}
