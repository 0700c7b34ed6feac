import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyReleaseFiles } from '../../pipeline/verify/release-files.ts';
import { badPlaces, copySample, verified, withBytes, writeDocuments } from './copied-release.ts';

const { signal } = new AbortController();

/** Pseudo-random numbers from 0 to 1, the same in every run (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('a whole release is good, and nothing but its signature is left unjudged', async () => {
  const { folder } = await copySample();
  const { good, kind, checks } = await verified(folder);
  expect({ good, kind }).toEqual({ good: true, kind: 'release' });
  expect(checks.filter(({ verdict }) => verdict !== 'good').map(({ place }) => place)).toEqual([
    'SHA256SUMS.asc',
  ]);
  const names = await readdir(folder);
  expect(names.filter((name) => !checks.some(({ place }) => place === name))).toEqual([]);
});

test('one byte changed at any of 1,000 random places of any file is found', {
  timeout: 600_000,
}, async () => {
  const { folder } = await copySample();
  const [sums = '', ...names] = (await readdir(folder)).sort();
  expect([sums, names.length]).toEqual(['SHA256SUMS', 9]);
  expect(badPlaces(await verifyReleaseFiles(folder, signal))).toEqual([]);
  const random = randomNumbers(20261120);
  for (let round = 0; round < 100; round++) {
    for (const together of [names, [sums]]) {
      const places = await Promise.all(
        together.map(async (name) => {
          const { size } = await stat(join(folder, name));
          return [name, Math.floor(random() * size), 1 + Math.floor(random() * 255)] as const;
        }),
      );
      await withFlipped(folder, places, async () => {
        const bad = badPlaces(await verifyReleaseFiles(folder, signal));
        if (together === names) expect(bad, JSON.stringify(places)).toEqual(expect.arrayContaining(names));
        else expect(bad, JSON.stringify(places)).not.toEqual([]);
      });
    }
  }
  expect(badPlaces(await verifyReleaseFiles(folder, signal))).toEqual([]);
});

test('a bit of any line of the sums matters', { timeout: 300_000 }, async () => {
  const { folder } = await copySample();
  const file = join(folder, 'SHA256SUMS');
  const { size } = await stat(file);
  for (let offset = 0; offset < size; offset += 5) {
    const mask = 1 << (offset % 8);
    await withBytes(file, offset, flip(mask), async () => {
      const bad = badPlaces(await verifyReleaseFiles(folder, signal));
      expect([offset, bad.length > 0]).toEqual([offset, true]);
    });
  }
});

test('the whole command finds a byte changed in any region of any file', { timeout: 600_000 }, async () => {
  const { folder } = await copySample();
  const names = await readdir(folder);
  const regions = ['start', 70, 32769, 32808, 34816, 40960, 'middle', 'end'] as const;
  for (const region of regions) {
    const inAll = await Promise.all(
      names.map(async (name) => {
        const { size } = await stat(join(folder, name));
        const offset =
          region === 'start' ? 0 : region === 'middle' ? size >> 1 : region === 'end' ? size - 1 : region;
        return [name, offset, 0x20, offset < size] as const;
      }),
    );
    const places = inAll.filter(([, , , isInside]) => isInside);
    const isSums = ([name]: readonly [string, ...unknown[]]) => name === 'SHA256SUMS';
    for (const together of [places.filter((place) => !isSums(place)), places.filter(isSums)]) {
      if (together.length === 0) continue;
      await withFlipped(folder, together, async () => {
        const result = await verified(folder);
        expect([region, result.good]).toEqual([region, false]);
        const named = together.filter((place) => !isSums(place)).map(([name]) => name);
        expect([region, badPlaces(result)]).toEqual([region, expect.arrayContaining(named)]);
      });
    }
  }
  expect((await verified(folder)).good).toBe(true);
});

test('a file that is removed, emptied, cut off, replaced or not a regular file is named', {
  timeout: 300_000,
}, async () => {
  const { folder } = await copySample();
  const names = await readdir(folder);
  const lists = ['SHA256SUMS', 'release.json']; // which name the others
  const kept = join(folder, '..', 'kept');
  await mkdir(kept);
  for (const together of [names.filter((name) => !lists.includes(name)), ...lists.map((name) => [name])]) {
    for (const name of together) await rename(join(folder, name), join(kept, name));
    const named = expect.arrayContaining(together);
    expect(badPlaces(await verified(folder))).toEqual(named);
    for (const replace of [
      (name: string) => writeFile(join(folder, name), ''),
      (name: string) => symlink(join(kept, name), join(folder, name)),
      (name: string) => mkdir(join(folder, name)),
    ]) {
      for (const name of together) await replace(name);
      expect(badPlaces(await verified(folder))).toEqual(named);
      for (const name of together) await rm(join(folder, name), { recursive: true });
    }
    for (const name of together) await rename(join(kept, name), join(folder, name));
  }
  const [iso = ''] = names.filter((name) => name.endsWith('.iso'));
  await truncate(join(folder, iso), 100_000);
  expect(badPlaces(await verified(folder))).toContain(iso);
});

test('files that are swapped or added are named', { timeout: 300_000 }, async () => {
  const { folder } = await copySample();
  const names = await readdir(folder);
  const swap = async (one: string, other: string) => {
    await rename(join(folder, one), join(folder, 'x'));
    await rename(join(folder, other), join(folder, one));
    await rename(join(folder, 'x'), join(folder, other));
  };
  for (const [index, one] of names.entries()) {
    const other = names[(index + 1) % names.length] ?? '';
    await swap(one, other);
    const bad = badPlaces(await verified(folder));
    expect([one, other, bad]).toEqual([
      one,
      other,
      expect.arrayContaining([one, other].filter((name) => name !== 'SHA256SUMS')),
    ]);
    await swap(one, other);
  }
  await writeFile(join(folder, 'autorun.inf'), 'added');
  expect(badPlaces(await verified(folder))).toEqual(['autorun.inf']);
});

test('a driver that is changed together with all sums and documents is found on the disc and in the packages', async () => {
  const { folder, record } = await copySample();
  const file = join(folder, record.iso.name);
  const bytes = await readFile(file);
  const at = bytes.indexOf('[Version]');
  bytes.write('[VERSION]', at);
  await writeFile(file, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await writeDocuments(folder, { ...record, iso: { ...record.iso, sha256 } });
  const bad = badPlaces(await verified(folder));
  expect(
    bad.filter((place) => place.startsWith(`${record.iso.name}/`) && place.endsWith('.inf')),
  ).not.toEqual([]);
  expect(bad).toContain(`pvdisc-sample_0.1.0-1_all.deb/${record.iso.name}`);
  expect(bad.filter((place) => !place.includes('/'))).toEqual([]);
});

test('a record that tells of other bytes than there are is found, however whole its documents are', async () => {
  const { folder, record } = await copySample();
  const [first, ...others] = record.iso.files;
  if (first === undefined) throw new Error('no file');
  const files = [{ ...first, sha256: 'ab'.repeat(32) }, ...others];
  await writeDocuments(folder, { ...record, iso: { ...record.iso, files } });
  expect(badPlaces(await verified(folder))).toEqual([`${record.iso.name}/${first.path}`]);
  await writeDocuments(folder, { ...record, iso: { ...record.iso, files: others } });
  expect(badPlaces(await verified(folder))).toEqual([`${record.iso.name}/${first.path}`]);
  await writeDocuments(folder, { ...record, iso: { ...record.iso, label: 'other' } });
  expect(badPlaces(await verified(folder))).toEqual([record.iso.name]);
  await writeDocuments(folder, { ...record, iso: { ...record.iso, name: '../../etc/passwd' } });
  expect((await verified(folder)).good).toBe(false);
});

/** Runs work while each of the files has its byte at an offset combined with a mask. */
async function withFlipped(
  folder: string,
  [first, ...others]: readonly (readonly [name: string, offset: number, mask: number, ...unknown[]])[],
  work: () => Promise<void>,
): Promise<void> {
  if (first === undefined) return work();
  const [name, offset, mask] = first;
  await withBytes(join(folder, name), offset, flip(mask), () => withFlipped(folder, others, work));
}

function flip(mask: number) {
  return (bytes: Buffer) => bytes.writeUInt8(bytes.readUInt8(0) ^ mask, 0);
}
