import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { provokesBug } from '../builders/bug-guard.ts';
import { program } from '../builders/built-release.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder, writeRelease } from '../builders/release.ts';
import { startServer } from '../builders/server.ts';

/** Makes a process throw in an event handler on demand, where nothing can catch it. */
const thrower =
  "data:text/javascript,process.on('SIGUSR2',()=>{throw new Error('thrown in an event')});process.on('SIGWINCH',()=>{Promise.reject(new Error('thrown in an event'))})";

test.each([
  ['an event', 'SIGUSR2'],
  ['a promise that nobody waits for', 'SIGWINCH'],
] as const)(
  'an error in %s is reported as a bug, and nothing is left but what was fetched',
  async (_, signal) => {
    provokesBug();
    const server = await startServer({ '/x.zip': () => void running.kill(signal) });
    const web = { type: 'http', url: `${server.url}/x.zip`, sha256: 'a'.repeat(64), size: 10 };
    const { file, folder } = await writeRelease({ release: { sources: { web } } });
    const [TMPDIR, PVDISC_CACHE] = [join(folder, 'tmp'), join(folder, 'cache')];
    await mkdir(TMPDIR);
    const args = ['--import', thrower, program, 'check', file, '--format', 'json'];
    const running = execa(process.execPath, args, { reject: false, env: { TMPDIR, PVDISC_CACHE } });
    const { exitCode, stdout, stderr } = await running;
    expect(stderr).toMatch(/^pvdisc: this is a bug, please report it:\nError: thrown in an event\n/m);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        kind: 'bug',
        problems: [
          { place: 'pvdisc', message: 'thrown in an event', hint: 'this is a bug, please report it' },
        ],
      },
    });
    expect(exitCode).toBe(70);
    expect(await readdir(TMPDIR)).toEqual([]);
    expect(await readdir(join(PVDISC_CACHE, 'partial'))).toEqual([]);
  },
);

const said = expect.stringMatching(/^(?:folders: [1-9]\d*\n)+pvdisc: stopped immediately$/);

describe.skipIf(lacksTool('mkfifo'))('a run that waits for a file that never answers', () => {
  test('ends five seconds after SIGTERM', { timeout: 300_000 }, async () => {
    const { running, TMPDIR } = await stuck();
    const started = performance.now();
    running.kill('SIGTERM');
    expect(await running).toMatchObject({ signal: 'SIGTERM', stderr: said });
    expect(performance.now() - started).toBeGreaterThan(4500);
    expect(await readdir(TMPDIR)).toEqual([]);
  });

  // The five seconds would end it by the first signal.
  test('ends at the second signal, and by it', { timeout: 300_000 }, async () => {
    const { running, TMPDIR } = await stuck();
    running.kill('SIGINT');
    setTimeout(() => running.kill('SIGTERM'), 300);
    expect(await running).toMatchObject({ signal: 'SIGTERM', stderr: said });
    expect(await readdir(TMPDIR)).toEqual([]);
  });
});

/** Makes a process open a named pipe without a writer instead of its first file, and report it. */
const blocker = `data:text/javascript,
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { open } = fs.promises;
fs.promises.open = (...args) => {
  const folders = fs.readdirSync(process.env.TMPDIR).length;
  if (folders === 0) return open(...args);
  console.error('folders: ' + folders);
  return open(process.env.PIPE);
};
syncBuiltinESMExports();`;

/** Starts a run that hangs in the middle of its work. */
async function stuck() {
  const folder = await temporaryFolder('pvdisc-stuck-');
  const [TMPDIR, PIPE] = [join(folder, 'tmp'), join(folder, 'pipe')];
  await mkdir(TMPDIR);
  await execa('mkfifo', [PIPE]);
  const args = ['--import', blocker, program, 'check', sample];
  const env = { TMPDIR, PIPE };
  const running = execa(process.execPath, args, { reject: false, env, forceKillAfterDelay: false });
  onTestFinished(() => void running.kill('SIGKILL'));
  await new Promise<void>((resolve) => {
    running.stderr.on('data', (text) => {
      if (String(text).includes('folders: ')) resolve();
    });
  });
  return { running, TMPDIR };
}

const sample = join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml');
