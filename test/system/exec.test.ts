import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { run, toolFailure } from '../../pipeline/system/exec.ts';
import type { Tool } from '../../pipeline/system/tools.ts';
import { problemsOf } from '../builders/problems.ts';
import { temporaryFolder } from '../builders/release.ts';

const shell: Tool = { name: 'sh', why: 'is here for tests', debianPackage: 'dash', versionArgs: [] };
const printf: Tool = { ...shell, name: 'printf' };
const sh = (script: string, options = {}) => run(shell, ['-c', script], options);

test('both outputs come back as they are, with their last line end', async () => {
  expect(await sh('echo out; echo err >&2')).toEqual({ stdout: 'out\n', stderr: 'err\n' });
});

test('arguments are given as they are: no shell reads them', async () => {
  const words = ['$HOME `id` ; * "', "a'b", 'two\nlines', ''];
  const { stdout } = await run(printf, ['[%s]', ...words], {});
  expect(stdout).toBe(words.map((word) => `[${word}]`).join(''));
});

test('the locale is C and the zone UTC, and single variables can be given or taken away', async () => {
  vi.stubEnv('LC_ALL', 'de_DE.UTF-8');
  vi.stubEnv('TZ', 'America/New_York');
  vi.stubEnv('GIT_DIR', '/nowhere');
  const { stdout } = await sh('echo $LC_ALL $TZ $MORE $GIT_DIR', {
    env: { MORE: 'more', GIT_DIR: undefined },
  });
  vi.unstubAllEnvs();
  expect(stdout).toBe('C UTC more\n');
});

test('standard input is empty or a text; the working directory is the one that is given', async () => {
  const folder = await temporaryFolder('pvdisc-exec-');
  expect((await sh('cat')).stdout).toBe('');
  expect((await sh('cat', { input: 'from the text' })).stdout).toBe('from the text');
  expect((await sh('pwd', { cwd: folder })).stdout).toBe(`${folder}\n`);
});

test('a tool that fails is told with its exit code, its arguments and its last eight lines', async () => {
  const failing = sh('for i in 1 2 3 4 5 6 7 8 9; do echo "line $i" >&2; done; exit 3');
  await expect(failing).rejects.toMatchObject({ kind: 'input' });
  expect(await problemsOf(failing)).toEqual([
    `sh: failed (3): sh -c for i in 1 2 3 4 5 6 7 8 9; do echo "line $i" >&2; done; exit 3\n${[2, 3, 4, 5, 6, 7, 8, 9].map((line) => `  line ${line}`).join('\n')}`,
  ]);
});

test('a tool that is killed, or is not there, is told so', async () => {
  expect(await problemsOf(sh('kill -SEGV $$'))).toEqual(['sh: failed (SIGSEGV): sh -c kill -SEGV $$']);
  const gone = run({ ...shell, name: 'no-such-tool-here' }, ['x'], {});
  expect(await problemsOf(gone)).toEqual(['no-such-tool-here: failed (ENOENT): no-such-tool-here x']);
});

test.each([{ signal: 'SIGKILL' }, { exitCode: 137 }, { exitCode: 143 }])(
  'a tool that another program ended, itself or in the sandbox, gets a hint: %o',
  (end) => {
    const { problems } = toolFailure(shell, [], { isCanceled: false, ...end });
    expect(problems[0]?.hint).toMatch(/^another program or the kernel ended it, /);
  },
);

test.each([
  ['cp: error writing: No space left on device'],
  ['xorriso : FAILURE : Image size 9 exceeds free space on media 3'],
])('a full disk is said first, and gets its hint: %s', (words) => {
  const { problems } = toolFailure(shell, [], { isCanceled: false, exitCode: 1, stderr: words });
  expect(problems).toEqual([
    {
      place: 'sh',
      message: `the disk is full: sh \n  ${words}`,
      hint: 'free some space, or choose another folder',
    },
  ]);
});

test('a tool that prints more than was foreseen is stopped', async () => {
  await expect(sh('yes', { maxBuffer: 1000 })).rejects.toMatchObject({
    kind: 'input',
    problems: [{ place: 'sh', message: expect.stringContaining('failed (') }],
  });
});

test.each([false, true])('an abort ends the tool and what it started (a group: %j)', async (group) => {
  const folder = await temporaryFolder('pvdisc-exec-');
  const controller = new AbortController();
  const script = group ? 'sleep 60 & echo $! >child; echo $$ >self; wait' : 'echo $$ >self; exec sleep 60';
  const running = sh(script, { signal: controller.signal, cwd: folder, group });
  await vi.waitFor(async () => expect(await readFile(join(folder, 'self'), 'utf8')).toMatch(/\n/), {
    timeout: 60_000,
  });
  controller.abort();
  await expect(running).rejects.toMatchObject({
    kind: 'interrupted',
    problems: [{ place: 'sh', message: 'interrupted' }],
  });
  for (const name of group ? ['self', 'child'] : ['self']) {
    const processId = Number(await readFile(join(folder, name), 'utf8'));
    await vi.waitFor(() => expect(() => process.kill(processId, 0)).toThrow('ESRCH'), { timeout: 60_000 });
  }
});

test('a run whose signal has fired before starts nothing', async () => {
  const folder = await temporaryFolder('pvdisc-exec-');
  await expect(sh('touch started', { signal: AbortSignal.abort(), cwd: folder })).rejects.toMatchObject({
    kind: 'interrupted',
  });
});
