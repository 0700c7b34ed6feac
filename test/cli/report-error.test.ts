import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { reportError } from '../../pipeline/cli/report-error.ts';
import { type ErrorKind, exitCodes, PipelineError } from '../../pipeline/core/errors.ts';
import { program } from '../builders/built-release.ts';

const problems = [
  { place: 'a.yaml:3: name', message: 'is bad' },
  { place: 'x/y.sys', message: 'is worse', rule: 'pe/bad', hint: 'mend it' },
];
const text = 'a.yaml:3: name: is bad\nx/y.sys: is worse [pe/bad]\n  hint: mend it\n';

test.each(['input', 'usage', 'tool', 'network', 'interrupted'] as ErrorKind[])(
  'an error of kind %s is told with all its problems',
  (kind) => {
    expect(report(new PipelineError(kind, problems))).toEqual({
      exitCode: exitCodes[kind],
      stdout: '',
      stderr: text,
    });
  },
);

test('with --json the problems are one document on standard output, and still told to people', () => {
  const { stdout, stderr } = report(new PipelineError('tool', problems), { json: true });
  expect(JSON.parse(stdout)).toEqual({ error: { kind: 'tool', problems } });
  expect(stderr).toBe(text);
});

test('a run that was stopped says only that, with the exit code of its signal', () => {
  const message = 'stopped; no partial output is left';
  const stderr = `pvdisc: ${message}\n`;
  const error = new Error('whatever came of it');
  expect(report(error, { interrupted: 143 })).toEqual({ exitCode: 143, stdout: '', stderr });
  const { stdout, ...rest } = report(error, { interrupted: 143, json: true });
  expect(rest).toEqual({ exitCode: 143, stderr });
  expect(JSON.parse(stdout)).toEqual({
    error: { kind: 'interrupted', problems: [{ place: 'pvdisc', message }] },
  });
});

test.each([
  ['none/x', 'no such file or directory', 'check the path'],
  ['package.json/x', 'not a directory', 'check the path: one of its folders is a file'],
  ['.', 'illegal operation on a directory', 'check the path: it is a folder'],
])('an error of the system at %s is no bug', async (path, message, hint) => {
  const error = await readFile(path).catch((reason: unknown) => reason);
  const { exitCode, stderr } = report(error);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(new RegExp(`: ${message}.*\\n  hint: ${hint}\\n$`));
});

test.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM'])('%s is told without a stack', (code) => {
  const { exitCode, stderr } = report(
    Object.assign(new Error(`${code}: words, write`), { code, syscall: 'write' }),
  );
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: expect.stringMatching(/^write: words, write\n {2}hint: .+\n$/),
  });
});

/** Node.js 20 opens all modules at once; newer ones open fewer files than these limits. */
const opensAllModules = process.versions.node.startsWith('20.');

test.runIf(opensAllModules).each([48, 80])(
  'a limit of %d open files is no bug',
  { timeout: 60_000 },
  async (limit) => {
    const script = 'ulimit -n "$1" && shift && exec "$@"';
    const command = [process.execPath, program, 'build', 'none.yaml', '--json'];
    const { exitCode, stdout, stderr } = await execa('sh', ['-c', script, 'sh', String(limit), ...command], {
      reject: false,
    });
    const problem = {
      place: 'pvdisc',
      message: 'too many files are open',
      hint: 'raise the limit of open files (ulimit -n)',
    };
    expect(stderr).toBe(`${problem.place}: ${problem.message}\n  hint: ${problem.hint}`);
    expect(JSON.parse(stdout)).toEqual({ error: { kind: 'input', problems: [problem] } });
    expect(exitCode).toBe(1);
  },
);

test.runIf(opensAllModules)(
  'a limit that no module of the program fits in is no bug',
  { timeout: 60_000 },
  async () => {
    const command = [
      'sh',
      '-c',
      'ulimit -n 24 && exec "$@"',
      'sh',
      process.execPath,
      program,
      'tools',
    ] as const;
    const { exitCode, stderr } = await execa(command[0], command.slice(1), { reject: false });
    expect(stderr).toBe('pvdisc: too many files are open\n  hint: raise the limit of open files (ulimit -n)');
    expect(exitCode).toBe(1);
  },
);

test.each([
  new Error('oops'),
  Object.assign(new Error('oops'), { code: 'ERR_ASSERTION' }),
  Object.assign(new Error('oops'), { code: 'ERR_MODULE_NOT_FOUND' }),
  'oops',
])('anything else is a bug of ours, with its stack', (error) => {
  const { exitCode, stderr } = report(error);
  expect(exitCode).toBe(70);
  expect(stderr).toMatch(/^pvdisc: this is a bug, please report it:\n.*oops/);
});

test('with --json a bug is a document too', () => {
  const { stdout } = report(new Error('oops'), { json: true });
  const hint = 'this is a bug, please report it';
  expect(JSON.parse(stdout)).toEqual({
    error: { kind: 'bug', problems: [{ place: 'pvdisc', message: 'oops', hint }] },
  });
});

function report(error: unknown, more: { json?: boolean; interrupted?: number } = {}) {
  let stdout = '';
  let stderr = '';
  const exitCode = reportError(error, {
    json: more.json ?? false,
    interrupted: more.interrupted,
    process: {
      stdout: {
        write: (words) => {
          stdout += words;
        },
      },
      stderr: {
        write: (words) => {
          stderr += words;
        },
      },
      env: {},
    },
  });
  return { exitCode, stdout, stderr };
}
