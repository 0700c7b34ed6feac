import { expect, test } from 'vitest';
import { trustTestRoots } from '../../builders/authority.ts';
import { withCatalog } from '../../builders/catalog.ts';
import type { Tree } from '../../builders/tree.ts';
import { changedFolder } from './changed-inf.ts';
import { repeatedDiagnosis } from './damage.ts';
import type { Damage } from './damaged-infs/damage.ts';
import { files } from './damaged-infs/files.ts';
import { models } from './damaged-infs/models.ts';
import { services } from './damaged-infs/services.ts';
import { texts } from './damaged-infs/texts.ts';
import { versions } from './damaged-infs/versions.ts';

trustTestRoots();

const damages = [...versions, ...services, ...files, ...models, ...texts];
const folder = 'Win10/x86';

test('at least 150 damages of INFs are tried, each once', () => {
  expect(new Set(damages.map(({ damage }) => damage)).size).toBe(damages.length);
  expect(damages.length).toBeGreaterThanOrEqual(150);
  expect(damages.filter(({ rules, refusal, why }) => rules.length === 0 && !refusal && !why)).toEqual([]);
});

test('each damage is found by the right rules and no other, or refused', async () => {
  const diagnoseWith = await repeatedDiagnosis({ files: withCatalog(changedFolder(folder)) });
  const found: [string, string | readonly string[]][] = [];
  for (const one of damages) {
    const { errors, warnings, infos = [], refusal } = await diagnoseWith(damagedFolder(one));
    found.push([one.damage, refusal ?? [...errors, ...warnings, ...infos].sort()]);
  }
  const expected = damages.map(({ damage, rules, refusal }) => [
    damage,
    refusal === undefined ? [...rules].sort() : expect.stringMatching(refusal),
  ]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
}, 120_000);

/** A catalog holds the damaged INF, as if it was made after the damage. */
function damagedFolder({ changes, rewrite }: Pick<Damage, 'changes' | 'rewrite'>): Tree {
  const tree = changedFolder(folder, ...changes);
  const path = `${folder}/viostor.inf`;
  const text = String(tree[path]);
  const bytes = rewrite === undefined ? Buffer.from(text, 'latin1') : rewrite(text);
  return withCatalog({ ...tree, [path]: bytes });
}
