import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { program } from '../builders/built-release.ts';
import { digestsBelow } from '../builders/digests.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { upstreamDisc } from '../builders/upstream-disc.ts';
import { writePassthrough } from '../builders/upstream-release.ts';

/** Number of killed builds; use PVDISC_KILLS=100 before a release. */
const kills = Number(process.env.PVDISC_KILLS ?? 6);
const seed = Number(process.env.PVDISC_SEED ?? 1);

const sample = join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml');

/** Pseudo-random numbers from 0 to 1, determined by the seed (mulberry32). */
function* randomNumbers(start: number): Generator<number, never> {
  for (let state = start; ; ) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

test.skipIf(lacksTool('xorriso', 'zstd')).each(['sample', 'a fetched disc'] as const)(
  `killed ${kills} times at any moment, the next build of %s has the same bytes, no litter and a valid cache (seed ${seed})`,
  { timeout: 120_000 + kills * 20_000 },
  async (what) => {
    const base = await temporaryFolder('pvdisc-killed-');
    const file = what === 'sample' ? sample : await fetchedRelease();
    for (const name of ['tmp', 'out', 'cache']) await mkdir(join(base, name));
    const build = (out = 'out') =>
      execa('node', [program, 'build', file, '--out', join(base, out), '--quiet'], {
        reject: false,
        env: { PVDISC_CACHE: join(base, 'cache'), TMPDIR: join(base, 'tmp') },
      });

    const started = Date.now();
    const whole = await build('reference');
    const duration = Date.now() - started;
    expect(whole.exitCode, whole.stderr).toBe(0);
    const wanted = await digestsBelow(join(base, 'reference'));
    const cached = await digestsBelow(join(base, 'cache'));

    const random = randomNumbers(seed);
    let killed = 0;
    for (let round = 0; round < kills; round += 1) {
      const isFirst = round % 2 === 0;
      if (isFirst) await execa('rm', ['-rf', join(base, 'cache'), join(base, 'out')]);
      const moment = Math.round(random.next().value * duration * 1.1);
      const running = build();
      await Promise.race([setTimeout(moment), running]);
      running.kill('SIGKILL');
      if ((await running).signal === 'SIGKILL') killed += 1;

      const next = await build();
      const at = `killed after ${moment} of ${duration} ms: ${next.stderr}`;
      expect(next.exitCode, at).toBe(0);
      expect(await digestsBelow(join(base, 'out')), at).toEqual(wanted);
      expect(await digestsBelow(join(base, 'cache')), at).toEqual(cached);
      expect((await readdir(join(base, 'out'))).length, at).toBe(1);
      expect(await readdir(join(base, 'tmp')), at).toEqual([]);
    }
    expect(killed).toBeGreaterThan(0);
  },
);

async function fetchedRelease(): Promise<string> {
  const disc = await upstreamDisc();
  const { folder } = await writePassthrough(disc);
  const url = `file://${join(folder, 'disc.iso')}`;
  return (await writePassthrough(disc, { entry: { url } })).file;
}
