import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { hostileBinaries } from './binaries.ts';
import type { HostileCase } from './case.ts';
import { hostileCatalogs } from './catalogs.ts';
import { hostileDiscs } from './discs.ts';
import { hostileInfs } from './infs.ts';
import { hostileTars } from './tars.ts';
import { hostileZips } from './zips.ts';

const kinds = [hostileZips, hostileTars, hostileDiscs, hostileInfs, hostileCatalogs, hostileBinaries];
const all = kinds.flat();

test('there are more than 200 hostile files, at least 25 of each kind, each with a name of its own', () => {
  expect(all.length).toBeGreaterThan(200);
  for (const cases of kinds) expect(cases.length).toBeGreaterThanOrEqual(25);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});

test('the generator makes the same bytes every time, and no two cases alike', async () => {
  const light = all.filter(({ dangerous }) => !dangerous);
  const digests = await Promise.all(light.map(digestOf));
  expect(await Promise.all(light.map(digestOf))).toEqual(digests);
  expect(new Set(digests).size).toBe(digests.length);
});

async function digestOf({ kind, bytes }: HostileCase): Promise<string> {
  const hash = createHash('sha256').update(`${kind} `);
  return hash.update(await bytes()).digest('hex');
}
