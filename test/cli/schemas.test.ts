import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { jsonSchemas, type SchemaName, schemaFile } from '../../pipeline/cli/schemas.ts';

test.each(Object.keys(jsonSchemas) as SchemaName[])(
  '%s.schema.json is what the program says',
  async (name) => {
    const written = await readFile(schemaFile(name), 'utf8');
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
