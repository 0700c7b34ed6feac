import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { run } from '../../pipeline/system/exec.ts';
import { findSandbox, inSandbox, noSandboxNote } from '../../pipeline/system/sandbox.ts';
import { type Tool, tools } from '../../pipeline/system/tools.ts';
import { temporaryFolder } from '../builders/release.ts';

const shell: Tool = { name: 'sh', why: 'runs this test', debianPackage: 'dash', versionArgs: [] };
const works = (await findSandbox()).kind === 'bubblewrap';
if (!works) console.warn('SKIPPED: bubblewrap is not there or does not work on this machine');

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.skipIf(!works)('in a sandbox', () => {
  test('only what is readable is in /tmp, and it can be read', async () => {
    const folder = await temporaryFolder('pvdisc-sandbox-');
    const [seen, hidden] = [join(folder, 'seen'), join(folder, 'hidden')];
    for (const file of [seen, hidden]) await writeFile(file, 'content');
    expect(await sandboxed(`cat ${seen}; ls ${folder}`, [seen])).toBe('contentseen\n');
    await expect(sandboxed(`cat ${hidden}`, [seen])).rejects.toThrow('No such file or directory');
  });

  test('nothing of the host can be written', async () => {
    const folder = await temporaryFolder('pvdisc-sandbox-');
    const readable = [import.meta.dirname, process.cwd()]; // not seen otherwise in a clone below /tmp
    for (const path of ['/etc', '/usr', ...readable])
      await expect(sandboxed(`echo x > ${path}/pvdisc-was-here`, readable)).rejects.toThrow(
        'Read-only file system',
      );
    await expect(sandboxed(`echo x > ${folder}/x`, [folder])).rejects.toThrow('Read-only file system');
  });

  test('there is no network', async () => {
    const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    try {
      const connect = `require('net').connect(${port}, '127.0.0.1').on('data', (d) => console.log(String(d))).on('error', (e) => console.log(e.code))`;
      const talk = `'${process.execPath}' -e "${connect}"`;
      expect((await run(shell, ['-c', talk], {})).stdout).toBe('hello\n');
      expect(await sandboxed(talk, [])).toBe('ECONNREFUSED\n');
    } finally {
      server.close();
    }
  });

  test('no process of the host can be seen, and none of the sandbox outlives its end', async () => {
    expect(await sandboxed(`kill -0 ${process.pid} 2>&1 || true`, [])).toMatch(/No such process/);
    const controller = new AbortController();
    const options = { signal: controller.signal, sandbox: { readable: [] } };
    const ending = run(shell, ['-c', 'exec sleep 987654'], options);
    setTimeout(() => controller.abort(), 200);
    await expect(ending).rejects.toMatchObject({ kind: 'interrupted' });
    await expect
      .poll(
        async () => (await run(shell, ['-c', 'cat /proc/*/cmdline 2>/dev/null | tr "\\0" " "'], {})).stdout,
      )
      .not.toContain('sleep 987654');
  });

  test('an abort ends bubblewrap at any moment of its start, and what it started', async () => {
    const options = (signal: AbortSignal) => ({ signal, sandbox: { readable: [] } });
    for (let delay = 0; delay < 24; delay++) {
      const controller = new AbortController();
      const running = run(shell, ['-c', 'exec sleep 876543'], options(controller.signal));
      setTimeout(() => controller.abort(), delay);
      await expect(running).rejects.toThrow(/interrupted|aborted/);
    }
    const { stdout } = await run(shell, ['-c', 'cat /proc/*/cmdline 2>/dev/null | tr "\\0" " "'], {});
    expect(stdout).not.toContain('sleep 876543');
  });

  test('a tool that fails is reported by its own name and words', async () => {
    const failing = run(shell, ['-c', 'echo broken >&2; exit 3'], { sandbox: { readable: [] } });
    await expect(failing).rejects.toThrow('sh: failed (3): sh -c echo broken >&2; exit 3\n  broken');
  });

  test('people are told nothing', async () => {
    expect(await noSandboxNote(Object.values(tools))).toBeUndefined();
  });
});

test('without bubblewrap the tool runs by itself, and people are told', async () => {
  const folder = await temporaryFolder('pvdisc-sandbox-');
  vi.stubEnv('PATH', folder);
  expect(await inSandbox(shell, ['-c', 'x'], ['/a'])).toEqual({ file: 'sh', args: ['-c', 'x'] });
  expect(await noSandboxNote([tools.xz, tools.xorriso, tools.xz, tools.bwrap])).toBe(
    'no sandbox for xorriso, xz: bwrap is not on the PATH (apt-get install bubblewrap)',
  );
  expect(await noSandboxNote([])).toBeUndefined();
});

test('a bubblewrap that does not work is as none, and its words are told', async () => {
  const folder = await temporaryFolder('pvdisc-sandbox-');
  const words = 'bwrap: No permissions to create a new namespace';
  await writeFile(join(folder, 'bwrap'), `#!/bin/sh\necho '${words}' >&2\nexit 1\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
  expect(await findSandbox()).toEqual({ kind: 'none', why: `bwrap does not work here: ${words}` });
});

async function sandboxed(script: string, readable: readonly string[]): Promise<string> {
  return (await run(shell, ['-c', script], { sandbox: { readable } })).stdout;
}
