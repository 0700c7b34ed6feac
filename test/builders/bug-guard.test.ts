import { exec, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { lookForBug, provokesBug, takeBugs } from './bug-guard.ts';
import { lacksTool } from './needs.ts';
import { onTerminal, terminalTools } from './pseudo-terminal.ts';
import { temporaryFolder } from './release.ts';

const { execPath } = process;

/** Prints what the program prints at a bug, in two pieces, and ends as given. */
const bug = (code: number) =>
  `process.stderr.write('pvdisc: this is');setTimeout(()=>{process.stderr.write(' a bug, please report it\\n');process.exitCode=${code}},50)`;

test.each([
  ['spawn', async () => once(spawn(execPath, ['-e', bug(0)]), 'close')],
  ['exec', async () => once(exec(`'${execPath}' -e "${bug(0)}"`), 'close')],
  ['execa', async () => execa(execPath, ['-e', bug(0)])],
  [
    'execa through a pipe of a shell',
    async () => execa('sh', ['-c', `'${execPath}' -e "${bug(0)}" 2>&1 | cat`]),
  ],
  [
    'fork, which does not print to the test but ends with 70',
    async () => {
      const file = join(await temporaryFolder('pvdisc-fork-'), 'bug.cjs');
      await writeFile(file, 'process.exitCode = 70');
      await once(fork(file), 'exit');
    },
  ],
  [
    'a document',
    async () => execa('echo', [JSON.stringify({ hint: 'this is a bug, please report it' }, null, 2)]),
  ],
  ['this process', async () => lookForBug('pvdisc', '', 'pvdisc: this is a bug, please report it:\n')],
])('a bug that a run reports is seen: %s', async (_how, run) => {
  provokesBug();
  await run();
  const seen = takeBugs();
  expect(seen.length).toBeGreaterThan(0);
  for (const command of seen) lookForBug(command, 'pvdisc: this is a bug');
});

test.skipIf(lacksTool('zstd'))(
  'the exit code 70 of zstd, whose output is closed, is no bug of ours',
  async () => {
    const child = spawn('sh', ['-c', `trap '' PIPE; exec zstd -qc -1 '${execPath}'`]);
    child.stdout.destroy();
    expect(await once(child, 'close')).toEqual([70, null]);
    expect(takeBugs()).toEqual([]);
  },
);

test.skipIf(lacksTool(...terminalTools))('and on a terminal', async () => {
  provokesBug();
  const { result } = await onTerminal([execPath, '-e', bug(0)]);
  expect((await result).lines).toEqual(['pvdisc: this is a bug, please report it']);
});

test('a run that reports a bug fails its test, also after it or in a hook, and a bug that is meant must come', async () => {
  const folder = await temporaryFolder('pvdisc-guard-');
  const builders = import.meta.dirname;
  const run = `await execa(process.execPath, ['-e', ${JSON.stringify(bug(0))}])`;
  await writeFile(
    join(folder, 'inner.test.ts'),
    `import { execa } from '${join(builders, '../../node_modules/execa/index.js')}';
import { beforeAll, describe, test } from 'vitest';
import { provokesBug } from '${join(builders, 'bug-guard.ts')}';
test('good', async () => { await execa('true'); });
test('bug', async () => { ${run}; });
test('meant', async () => { provokesBug(); ${run}; });
test('meant in vain', () => provokesBug());
describe('hook', () => { beforeAll(async () => { ${run}; }); test('innocent', () => {}); });
`,
  );
  const args = ['--root', folder, '--config', join(folder, 'none.mjs'), '--reporter=json'];
  await writeFile(
    join(folder, 'none.mjs'),
    `export default { test: { setupFiles: ['${join(builders, 'bug-guard-setup.ts')}'] }, server: { fs: { strict: false } } };`,
  );
  const { stdout, exitCode } = await execa('node_modules/.bin/vitest', ['run', ...args], { reject: false });
  const [file] = JSON.parse(stdout).testResults;
  const ended = file.assertionResults.map(({ title, status }: Record<string, string>) => [title, status]);
  expect([exitCode, ended]).toEqual([
    1,
    [
      ['good', 'passed'],
      ['bug', 'failed'],
      ['meant', 'passed'],
      ['meant in vain', 'failed'],
      ['innocent', 'failed'],
    ],
  ]);
});
