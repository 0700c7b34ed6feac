import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { builtSample } from '../builders/built-release.ts';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { file as isoFile } from '../hostile/disc-nodes.ts';
import { isoImage } from '../hostile/iso-image.ts';
import { toNew, toOld, withJoliet } from '../hostile/joliet-disc.ts';
import { badPlaces, verified } from './copied-release.ts';

const udf = 'also contains a UDF file system, which Windows shows in place of ISO 9660';
const hfs = 'also contains an HFS file system, which macOS shows in place of ISO 9660';

test.skipIf(lacksTool('genisoimage')).each([
  ['-udf', udf],
  ['-hfs', hfs],
])('a file system that was not looked at is told: genisoimage %s', async (option, words) => {
  const folder = await temporaryFolder('pvdisc-verify-');
  await mkdir(join(folder, 'content'));
  await writeFile(join(folder, 'content/a.txt'), 'x'.repeat(5000));
  const disc = join(folder, 'other.iso');
  await execa('genisoimage', ['-quiet', '-R', '-J', option, '-o', disc, join(folder, 'content')]);
  const { good, checks } = await verified(disc);
  expect(good).toBe(true);
  expect(checks.filter(({ message }) => message.startsWith('also contains'))).toMatchObject([
    { verdict: 'not-judged', place: 'other.iso', message: words },
  ]);
  const { exitCode, stderr } = await pvdisc(['inspect', disc]);
  expect([exitCode, stderr]).toEqual([0, `pvdisc: ${disc}: ${words}: pvdisc did not check it\n`]);
});

test('what follows the volume is bad unless it is zeros', async () => {
  const { iso } = await builtSample();
  const folder = await temporaryFolder('pvdisc-verify-');
  const disc = join(folder, 'x.iso');
  const bytes = await readFile(iso);
  await writeFile(disc, Buffer.concat([bytes, Buffer.alloc(300_000)]));
  expect((await verified(disc)).good).toBe(true);
  await writeFile(disc, Buffer.concat([bytes, Buffer.alloc(2047), Buffer.from('x')]));
  const { checks } = await verified(disc);
  const message = '2048 bytes of trailing data after the volume, not all zero and not part of any file';
  expect(checks.filter(({ verdict }) => verdict === 'bad')).toEqual([
    {
      verdict: 'bad',
      place: 'x.iso',
      message,
      hint: 'download the file again: data was appended to it',
    },
  ]);
  const { exitCode, stderr } = await pvdisc(['inspect', disc]);
  expect([exitCode, stderr]).toEqual([0, `pvdisc: ${disc}: ${message}\n`]);
});

test('a supplementary tree of another character set is told', async () => {
  const disc = join(await temporaryFolder('pvdisc-verify-'), 'x.iso');
  const change = (image: Buffer) => image.fill(0, 17 * 2048 + 88, 17 * 2048 + 91);
  await writeFile(disc, isoImage([isoFile('A.SYS;1')], { joliet: [isoFile('B.SYS;1')], change }));
  expect((await verified(disc)).checks).toContainEqual(
    expect.objectContaining({
      verdict: 'not-judged',
      message: 'also contains a tree of another character set than those of ISO 9660 and Joliet',
    }),
  );
});

test('a disc whose trees differ is bad', async () => {
  const disc = join(await temporaryFolder('pvdisc-verify-'), 'x.iso');
  await writeFile(
    disc,
    withJoliet(([old, recent]) => [
      { ...old, name: old?.name ?? '', nodes: [{ name: '\0a\0.\0s\0y\0s', ...toNew }] },
      { ...recent, name: recent?.name ?? '', nodes: [{ name: '\0a\0.\0s\0y\0s', ...toOld }] },
    ]),
  );
  expect(badPlaces(await verified(disc))).toEqual(['x.iso']);
  expect((await pvdisc(['inspect', disc])).stderr).toMatch(
    /its Joliet tree, which Windows shows, maps "w(?:7|11)\/a\.sys" to \d+ bytes at sector \d+, but its Rock Ridge tree maps /,
  );
});
