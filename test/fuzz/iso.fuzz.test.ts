import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PipelineError } from '../../pipeline/core/errors.ts';
import { defaultLimits } from '../../pipeline/core/limits.ts';
import { type Iso, readIso } from '../../pipeline/formats/iso9660/index.ts';
import { buildIso } from '../builders/iso.ts';
import { expectSameAsXorriso } from '../builders/iso-oracle.ts';
import { lacksTool } from '../builders/needs.ts';
import { isoImage } from '../hostile/iso-image.ts';
import { alternateName, posix, rockRidgeRoot } from '../hostile/rock-ridge.ts';
import { fuzzSeconds, fuzzTimeout } from './fuzz.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pvdisc-iso-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const tree = { 'amd64/w11/a-b.inf': 'inf', 'amd64/w11/a.sys': Buffer.alloc(3000, 'sys'), 'x.msi': 'msi' };

/** Discs that are sound: small, so that most changes meet something that is read. */
async function seeds(): Promise<Readonly<Record<string, Buffer>>> {
  const file = (name: string, text: string) => ({ name, bytes: Buffer.from(text) });
  const named = (name: string) => Buffer.concat([posix(0o100444), alternateName(name)]);
  return {
    plain: isoImage([{ name: 'DIR', nodes: [file('A.SYS;1', 'a'), file('B.INF;1', 'b')] }, file('C;1', 'c')]),
    joliet: isoImage([file('A.SYS;1', 'a')], { joliet: [file('\0A\0.\0S\0Y\0S', 'a')] }),
    rockRidge: isoImage(
      [
        { ...file('A_B.SYS;1', 'a'), use: named('a b.sys') },
        { name: 'D', nodes: [file('X', 'x')], use: Buffer.concat([posix(0o40555), alternateName('d')]) },
      ],
      { rootUse: rockRidgeRoot() },
    ),
    made: await buildIso(tree, ['-r', '-J', '-joliet-long']),
  };
}

const start = 16 * 2048;
const change = fc.record({
  /** In the parts of the disc that have something other than zeros, in millionths. */
  place: fc.nat(1_000_000),
  value: fc.oneof(fc.constantFrom(0, 1, 2, 4, 0x7f, 0x80, 0xff), fc.integer({ min: 0, max: 255 })),
});
type Change = { readonly place: number; readonly value: number };

function changed(seed: Buffer, changes: readonly Change[]): Buffer {
  const filled = [...seed.keys()].filter((at) => at >= start && (seed[at] !== 0 || seed[at - 1] !== 0));
  const bytes = Buffer.from(seed);
  for (const { place, value } of changes)
    bytes[filled[Math.floor((place * filled.length) / 1_000_001)] ?? start] = value;
  return bytes;
}

test.skipIf(lacksTool('xorriso'))(
  'any disc is refused, or read as xorriso does',
  async () => {
    const discs = await seeds();
    const file = join(folder, 'x.iso');
    const subject = { place: 'fuzz', name: 'x.iso' };
    const counts = { read: 0, refused: 0 };
    const recipe = fc.record({
      seed: fc.constantFrom(...Object.keys(discs)),
      changes: fc.array(change, { minLength: 0, maxLength: 4 }),
    });
    const property = fc.asyncProperty(recipe, async ({ seed, changes }) => {
      await writeFile(file, changed(discs[seed] ?? Buffer.alloc(0), changes));
      const { signal } = new AbortController();
      let iso: Iso;
      try {
        iso = await readIso(file, { subject, limits: defaultLimits, signal });
      } catch (error) {
        expect(error).toBeInstanceOf(PipelineError);
        counts.refused += 1;
        return;
      }
      counts.read += 1;
      await expectSameAsXorriso(file, iso);
    });
    const isLong = fuzzSeconds > 10;
    await fc.assert(property, {
      seed: isLong ? Date.now() % 1_000_000_000 : 1,
      numRuns: 1_000_000,
      interruptAfterTimeLimit: fuzzSeconds * 1000,
    });
    if (isLong) console.log(JSON.stringify(counts));
    expect(counts.read).toBeGreaterThan(0);
    expect(counts.refused).toBeGreaterThan(0);
  },
  fuzzTimeout,
);
