import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { jsonSchemas, type SchemaName } from '../../pipeline/manifest/json-schema.ts';

const files: Readonly<Record<SchemaName, string>> = {
  driver: 'drivers-manifest/schema/driver.schema.json',
  release: 'drivers-manifest/schema/release.schema.json',
  targets: 'drivers-manifest/schema/targets.schema.json',
  licenses: 'drivers-manifest/schema/licenses.schema.json',
  ledger: 'drivers-manifest/schema/ledger.schema.json',
  record: 'pipeline/attest/record.schema.json',
  inspection: 'pipeline/inspect/inspection.schema.json',
  findings: 'pipeline/report/findings/findings.schema.json',
  verification: 'pipeline/verify/verification.schema.json',
  verifications: 'pipeline/verify/verifications.schema.json',
  watch: 'pipeline/ledger/watch.schema.json',
  'ledger-check': 'pipeline/ledger/ledger-check.schema.json',
  'ledger-add': 'pipeline/ledger/ledger-add.schema.json',
  cache: 'pipeline/report/cache.schema.json',
};

test.each(Object.keys(jsonSchemas) as SchemaName[])(
  '%s.schema.json is what the program says',
  async (name) => {
    const written = await readFile(files[name], 'utf8');
    expect(written === jsonSchemas[name](), `stale: npm run compile && node scripts/write-schemas.mjs`).toBe(
      true,
    );
  },
);

test.each(Object.keys(jsonSchemas) as SchemaName[])('the %s schema is closed and has a title', (name) => {
  expect(JSON.parse(jsonSchemas[name]())).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
    $ref: `#/definitions/${name}`,
    definitions: {
      [name]: { type: 'object', additionalProperties: false, title: expect.stringMatching(/.{10}/) },
    },
  });
});

test('a key with a default need not be written', () => {
  const { definitions } = JSON.parse(jsonSchemas.release());
  expect(definitions.release.required).toEqual(['name', 'version', 'title', 'package']);
});
