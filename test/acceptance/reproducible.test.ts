import { cp, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { sampleFiles } from '../../pipeline/sources/sample/drivers.ts';
import { sha256Of } from '../builders/ledger.ts';
import { lacksTool } from '../builders/needs.ts';
import { viewReversed } from '../builders/reversed-view.ts';
import { buildIn, makeSurroundings } from '../builders/surroundings.ts';
import { upstreamDisc } from '../builders/upstream-disc.ts';
import { writePassthrough } from '../builders/upstream-release.ts';

const sample = join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml');

const names = [
  'SHA256SUMS',
  'pvdisc-sample-0.1.0.cdx.json',
  'pvdisc-sample-0.1.0.intoto.json',
  'pvdisc-sample-0.1.0.iso',
  'pvdisc-sample-drivers_0.1.0-1_all.deb',
  'pvdisc-sample-symbols-0.1.0.iso',
  'pvdisc-sample-symbols_0.1.0-1_all.deb',
  'pvdisc-sample_0.1.0-1_all.deb',
  'release.json',
  'report.html',
];

const isSkipped = lacksTool('faketime', 'xorriso', 'zstd');

describe.skipIf(isSkipped)('two builds', () => {
  test('of the sample give the same bytes, whatever is around them', async () => {
    const [first, second] = await makeSurroundings();
    const made = await buildIn(first, sample);
    expect(Object.keys(made)).toEqual(names);
    expect(await buildIn(second, sample)).toEqual(made);
  });

  test('of a folder give the same bytes, whatever the order, times and modes of its files', async () => {
    const [first, second] = await makeSurroundings();
    await writeRelease(first.folder, sampleFiles(), { mode: 0o644, time: 1_000_000_000 });
    await writeRelease(second.folder, sampleFiles().reverse(), { mode: 0o700, time: 1_600_000_001 });
    const [order, otherOrder] = [await listUnsorted(first.folder), await listUnsorted(second.folder)];
    if (order === otherOrder)
      console.warn('this file system lists files in one order, however they were made');

    const made = await buildIn(first, join(first.folder, 'release.yaml'));
    expect(Object.keys(made)).toEqual(names);
    expect(await buildIn(second, join(second.folder, 'release.yaml'))).toEqual(made);
  });

  test.skipIf(lacksTool('disorderfs', 'fusermount'))(
    'of a folder give the same bytes, whatever order its file system lists them in',
    async ({ skip }) => {
      const [first, second] = await makeSurroundings();
      for (const { folder } of [first, second])
        await writeRelease(folder, sampleFiles(), { mode: 0o644, time: 1_000_000_000 });
      if (!(await viewReversed(join(second.folder, 'drivers')))) return skip('FUSE does not work here');
      expect(await listUnsorted(first.folder)).not.toBe(await listUnsorted(second.folder));

      const made = await buildIn(first, join(first.folder, 'release.yaml'));
      expect(await buildIn(second, join(second.folder, 'release.yaml'))).toEqual(made);
    },
  );

  test.each(['passed on', 'assembled'])(
    "upstream's disc gives the same bytes twice where it is %s, for root and for an ordinary user, from any path",
    async (kind) => {
      const disc = await upstreamDisc();
      const sources = { disc: { type: 'iso', path: 'disc.iso' } };
      const assembled = {
        passthrough: undefined,
        profile: 'slim',
        sources,
        ignored: [{ pattern: '{*.*,{amd64,i386,cert,data,guest-agent}/**}', reason: 'no driver' }],
      };
      const { folder } = await writePassthrough(disc, kind === 'assembled' ? { release: assembled } : {});
      const made: Record<string, string>[] = [];
      for (const around of await makeSurroundings()) {
        const copy = join(around.folder, 'release');
        await cp(folder, copy, { recursive: true });
        const use = ['--use', `disc=${join(copy, 'disc.iso')}`];
        made.push(await buildIn(around, join(copy, 'release.yaml'), {}, use));
      }
      expect(Object.keys(made[0] ?? {})).toEqual([
        'SHA256SUMS',
        'release.json',
        'report.html',
        'test-disc-0.1.302.cdx.json',
        'test-disc-0.1.302.intoto.json',
        'test-disc-0.1.302.iso',
        'test-disc_0.1.302-1_all.deb',
      ]);
      expect(made[1]).toEqual(made[0]);
      const digest = made[1]?.['test-disc-0.1.302.iso'];
      expect(digest === sha256Of(disc)).toBe(kind === 'passed on');
    },
  );

  test('another date gives other bytes, so the digests tell builds apart', async () => {
    const [first, second] = await makeSurroundings();
    const made = await buildIn(first, sample);
    const later = await buildIn(second, sample, { SOURCE_DATE_EPOCH: '1800000000' });
    expect(Object.keys(later)).toEqual(names);
    expect(names.filter((name) => later[name] === made[name])).toEqual([]);
  });
});

/** Writes the files to `drivers/` in the order given, and the sample release with that folder as its source. */
async function writeRelease(
  folder: string,
  files: ReturnType<typeof sampleFiles>,
  { mode, time }: { mode: number; time: number },
): Promise<void> {
  for (const { path, bytes } of files) {
    const file = join(folder, 'drivers', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes(), { mode });
    await utimes(file, time, time);
  }
  const text = await readFile(sample, 'utf8');
  await writeFile(
    join(folder, 'release.yaml'),
    text.replace('type: sample', 'type: directory\n    path: drivers'),
  );
}

async function listUnsorted(folder: string): Promise<string> {
  return (await execa('ls', ['-U', join(folder, 'drivers/Win10/amd64')])).stdout;
}
