import { createHash } from 'node:crypto';
import {
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
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
  const names = (await readdir(folder)).sort();
  expect(names).toHaveLength(10);
  expect(badPlaces(await verifyReleaseFiles(folder, signal))).toEqual([]);
  const random = randomNumbers(20261120);
  const missed: string[] = [];
  for (let index = 0; index < 1000; index++) {
    const name = names[index % names.length] ?? '';
    const { size } = await stat(join(folder, name));
    const offset = Math.floor(random() * size);
    const mask = 1 + Math.floor(random() * 255);
    const handle = await open(join(folder, name), 'r+');
    const byte = Buffer.alloc(1);
    await handle.read(byte, 0, 1, offset);
    await handle.write(Buffer.from([(byte[0] ?? 0) ^ mask]), 0, 1, offset);
    const bad = badPlaces(await verifyReleaseFiles(folder, signal));
    await handle.write(byte, 0, 1, offset);
    await handle.close();
    if (bad.length === 0 || (name !== 'SHA256SUMS' && !bad.includes(name)))
      missed.push(`${name} ${offset} ${mask}`);
  }
  expect(missed).toEqual([]);
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
  for (const name of await readdir(folder)) {
    const { size } = await stat(join(folder, name));
    const regions = name.endsWith('.iso')
      ? [0, 32769, 32808, 34816, 40960, size >> 1, size - 1]
      : [0, 70, size >> 1, size - 1];
    for (const offset of regions.filter((place) => place < size)) {
      await withBytes(join(folder, name), offset, flip(0x20), async () => {
        const result = await verified(folder);
        expect([name, offset, result.good]).toEqual([name, offset, false]);
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
  for (const name of names) {
    const file = join(folder, name);
    const kept = join(folder, '..', 'kept');
    await rename(file, kept);
    expect([name, badPlaces(await verified(folder))]).toEqual([name, expect.arrayContaining([name])]);
    for (const replace of [() => writeFile(file, ''), () => symlink(kept, file), () => mkdir(file)]) {
      await replace();
      expect([name, badPlaces(await verified(folder))]).toEqual([name, expect.arrayContaining([name])]);
      await rm(file, { recursive: true });
    }
    await rename(kept, file);
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

function flip(mask: number) {
  return (bytes: Buffer) => bytes.writeUInt8(bytes.readUInt8(0) ^ mask, 0);
}
