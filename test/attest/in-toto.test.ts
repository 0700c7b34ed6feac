import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Statement } from '../../pipeline/attest/provenance.ts';
import { builtSample } from '../builders/built-release.ts';
import { isProvenanceStatement } from './in-toto-schema.ts';

async function readStatement(): Promise<Statement> {
  const { folder } = await builtSample();
  return JSON.parse(await readFile(join(folder, 'pvdisc-sample-0.1.0.intoto.json'), 'utf8'));
}

test("the provenance is valid by in-toto's own rules", async () => {
  expect([isProvenanceStatement(await readStatement()), isProvenanceStatement.errors]).toEqual([true, null]);
});

test.each<[string, (statement: Statement) => unknown]>([
  ['a field that the format does not have', (statement) => ({ ...statement, materials: [] })],
  ['no subject', (statement) => ({ ...statement, subject: [] })],
  ['a subject without a digest', (statement) => ({ ...statement, subject: [{ name: 'x' }] })],
  ['a digest that is too short', (statement) => ({ ...statement, subject: [{ digest: { sha256: 'ab' } }] })],
  [
    'no builder',
    (statement) => ({ ...statement, predicate: { ...statement.predicate, runDetails: { byproducts: [] } } }),
  ],
  [
    'an empty dependency',
    ({ predicate, ...rest }) => ({
      ...rest,
      predicate: {
        ...predicate,
        buildDefinition: { ...predicate.buildDefinition, resolvedDependencies: [{}] },
      },
    }),
  ],
  [
    'a date that is none',
    ({ predicate, ...rest }) => ({
      ...rest,
      predicate: {
        ...predicate,
        runDetails: { ...predicate.runDetails, metadata: { startedOn: 'today' } },
      },
    }),
  ],
])('a statement with %s is none by these rules', async (_what, change) => {
  expect(isProvenanceStatement(change(await readStatement()))).toBe(false);
});
