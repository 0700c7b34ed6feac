import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { stageNames } from '../../pipeline/pipeline.ts';
import { unmount } from '../builders/unmount.ts';

const program = join(import.meta.dirname, '../../build/cli/index.js');
const sample = join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml');
const name = 'pvdisc-sample-0.1.0';
/** The sample does not ask for signatures. */
const stages = stageNames.filter((stage) => stage !== 'sign');

let out: string;

beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'pvdisc-interrupted-'));
});

afterEach(async () => {
  await rm(out, { recursive: true, force: true });
});

function build(folder = out) {
  return execa('node', [program, 'build', sample, '--out', folder], { reject: false });
}

/** Starts a build and sends it a signal when a stage starts. */
async function buildUntil(stage: string, signal: NodeJS.Signals) {
  const running = build();
  await saying(running, `${stage} ...`);
  running.kill(signal);
  return running;
}

async function saying(running: ReturnType<typeof build>, words: string): Promise<void> {
  let said = '';
  while (!said.includes(words)) {
    const [chunk] = await once(running.stderr, 'data');
    said += String(chunk);
  }
}

async function digests(): Promise<Record<string, string>> {
  const names = (await readdir(join(out, name))).sort();
  const entries = names.map(async (file) => {
    const bytes = await readFile(join(out, name, file));
    return [file, createHash('sha256').update(bytes).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

test.each(stages)(
  'killed in "%s", a build leaves no release; the next one is whole and leaves no litter',
  async (stage) => {
    const killed = await buildUntil(stage, 'SIGKILL');
    expect(killed.signal).toBe('SIGKILL');
    expect(await readdir(out)).not.toContain(name);

    const next = await build();
    expect(next.exitCode, next.stderr).toBe(0);
    expect(await readdir(out)).toEqual([name]);
    expect(Object.keys(await digests())).toHaveLength(10);
  },
  60_000,
);

test('killed over an older release, a build leaves the older one as it was', async () => {
  await build();
  const before = await digests();
  await buildUntil('assemble', 'SIGKILL');
  expect(await digests()).toEqual(before);
  await build();
  expect(await digests()).toEqual(before);
  expect(await readdir(out)).toEqual([name]);
});

describe.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s', (signal, code) => {
  test.each(stages)(
    `ends a build in "%s" at once, with code ${code} and nothing left behind`,
    async (stage) => {
      const { exitCode, stderr } = await buildUntil(stage, signal);
      expect({ exitCode, last: stderr.split('\n').at(-1) }).toEqual({
        exitCode: code,
        last: 'pvdisc: stopped; no partial output is left',
      });
      expect(await readdir(out)).toEqual([]);
    },
  );

  test(`ends a tool that is at work, with code ${code} and nothing left behind`, async () => {
    const tools = join(out, 'tools');
    await mkdir(tools);
    const tool = `#!/bin/sh\necho $$ >${tools}/new\nmv ${tools}/new ${tools}/pid\nexec sleep 60\n`;
    await writeFile(join(tools, 'xorriso'), tool, { mode: 0o755 });
    const target = join(out, 'out');
    const env = { PATH: `${tools}:${process.env.PATH}` };
    const running = execa('node', [program, 'build', sample, '--out', target], { reject: false, env });
    await vi.waitFor(() => access(join(tools, 'pid')), { timeout: 60_000 });
    const pid = Number(await readFile(join(tools, 'pid'), 'utf8'));
    running.kill(signal);
    expect((await running).exitCode).toBe(code);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(existsSync(target)).toBe(false);
  });
});

test('a folder that cannot be made is named, and node does not spin', async () => {
  const { exitCode, stderr } = await build('/proc/none/out');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('/proc/none/out: cannot be made: ');
});

test('a reader that goes away does not end a build, and a full standard output is told without a stack trace', async () => {
  const script = `node '${program}' build '${sample}' --out '${out}' 2>&1 | head -n 1; test -e '${out}/${name}' || sleep 5; ls -A '${out}'`;
  const { stdout } = await execa('sh', ['-c', script]);
  expect(stdout.split('\n')).toEqual(['collect ...', name]);
  const full = await execa('sh', ['-c', `node '${program}' schema release > /dev/full`], { reject: false });
  expect(full).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^standard output: ENOSPC/) });
});

test('of two builds into one folder the second says that it waits, and both end well', async () => {
  const first = build();
  await saying(first, 'collect ...');
  first.kill('SIGSTOP');
  const second = build();
  await saying(second, `waiting for another build that writes ${join(out, name)}`);
  first.kill('SIGCONT');
  expect((await first).exitCode).toBe(0);
  expect((await second).exitCode).toBe(0);
  expect(await readdir(out)).toEqual([name]);
});

test('a build whose lock another one took over stops and says so', async () => {
  const first = build();
  await saying(first, 'collect ...');
  first.kill('SIGSTOP');
  const second = await build();
  expect(second.exitCode, second.stderr).toBe(0);
  first.kill('SIGCONT');
  const { exitCode, stderr } = await first;
  expect(exitCode).toBe(1);
  expect(stderr).toContain('another run took over');
  expect(await readdir(out)).toEqual([name]);
});

test.skipIf(process.getuid?.() !== 0).each([
  ['the sources', '512k'],
  ['the ISO', '2m'],
  ['the package', '3m'],
])('a disk too small for %s (%s) is said to be full, and nothing is left on it', async (_what, size) => {
  const mount = join(out, 'small');
  await mkdir(mount);
  await execa('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', mount]);
  try {
    const { exitCode, stderr } = await build(mount);
    expect(exitCode, stderr).toBe(1);
    expect(stderr).toMatch(/no space left on device|the disk is full/i);
    expect(stderr).toContain('hint: free some space, or choose another folder');
    expect(await readdir(mount)).toEqual([]);
  } finally {
    await unmount(mount);
  }
});

test.skipIf(process.getuid?.() !== 0)('a read-only folder is named', async () => {
  const mount = join(out, 'readonly');
  await mkdir(mount);
  await execa('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', mount]);
  try {
    const { exitCode, stderr } = await build(mount);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(mount);
    expect(stderr).toContain('hint: choose a writable folder');
  } finally {
    await unmount(mount);
  }
});
