import { expect, test } from 'vitest';
import { trustTestRoots } from '../../builders/authority.ts';
import { driverFolder } from '../../builders/tree.ts';
import { repeatedDiagnosis } from './damage.ts';
import { damagedPackages } from './damaged-binaries.ts';

trustTestRoots();

test('at least 60 damages of binaries and catalogs are tried, each once', () => {
  expect(new Set(damagedPackages.map(({ damage }) => damage)).size).toBe(damagedPackages.length);
  expect(damagedPackages.length).toBeGreaterThanOrEqual(60);
  expect(damagedPackages.filter(({ rules }) => rules.length === 0)).toEqual([]);
});

test('each damage of a binary or catalog is found by the right rules and no other', async () => {
  const diagnoseWith = await repeatedDiagnosis({ files: driverFolder('Win11/amd64') });
  const found: Record<string, readonly string[]> = {};
  for (const { damage, files } of damagedPackages) {
    const { errors, warnings, infos = [], refusal } = await diagnoseWith(files);
    found[damage] = refusal === undefined ? [...errors, ...warnings, ...infos].sort() : [refusal];
  }
  const expected = damagedPackages.map(({ damage, rules }) => [damage, [...rules].sort()]);
  expect(found).toEqual(Object.fromEntries(expected));
}, 120_000);
