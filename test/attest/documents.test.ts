import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { expect, test } from 'vitest';
import { releaseDocuments } from '../../pipeline/attest/documents.ts';
import { provenanceText, type Statement, statementSchema } from '../../pipeline/attest/provenance.ts';
import type { ReleaseRecord } from '../../pipeline/model/record.ts';
import { builtSample } from '../builders/built-release.ts';

interface Component {
  readonly type: string;
  readonly name: string;
  readonly version?: string;
  readonly 'bom-ref': string;
  readonly hashes: readonly { alg: string; content: string }[];
  readonly licenses?: readonly unknown[];
  readonly supplier?: { name: string };
  readonly properties: readonly { name: string; value: string }[];
  readonly components?: readonly Component[];
}

async function readBom() {
  const { folder, record } = await builtSample();
  const text = await readFile(join(folder, 'pvdisc-sample-0.1.0.cdx.json'), 'utf8');
  return {
    folder,
    record,
    text,
    bom: JSON.parse(text) as Record<string, unknown> & { components: Component[] },
  };
}

async function readStatement() {
  const { folder, record } = await builtSample();
  const text = await readFile(join(folder, 'pvdisc-sample-0.1.0.intoto.json'), 'utf8');
  return { record, text, statement: JSON.parse(text) as Statement };
}

test("the bill of materials is valid by CycloneDX's own schema, and a change to it is not", async () => {
  const { text } = await readBom();
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  expect(await validator.validate(text)).toBeNull();
  expect(await validator.validate(text.replace('"device-driver"', '"driver"'))).not.toBeNull();
  expect(await validator.validate(text.replace('urn:uuid:', 'uuid:'))).not.toBeNull();
});

test('the bill of materials has every file of every disc with digest, origin and licence', async () => {
  const { record, bom } = await readBom();
  for (const disc of [record.iso, record.symbols]) {
    const component = bom.components.find(({ name }) => name === disc?.name);
    expect(component?.hashes).toEqual([{ alg: 'SHA-256', content: disc?.sha256 }]);
    expect(component?.components?.map(({ name, hashes }) => [name, hashes[0]?.content])).toEqual(
      disc?.files.map(({ path, sha256 }) => [path, sha256]),
    );
  }
  const files = bom.components[0]?.components ?? [];
  const sys = files.find(({ name }) => name === 'sampleblk/w11/amd64/sampleblk.sys');
  const properties = Object.fromEntries((sys?.properties ?? []).map(({ name, value }) => [name, value]));
  expect(properties).toMatchObject({
    'pvdisc:origin:source': 'drivers',
    'pvdisc:origin:path': 'Win11/amd64/sampleblk.sys',
    'pvdisc:authenticode:sha256': expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(properties['pvdisc:authenticode:sha256']).not.toBe(sys?.hashes[0]?.content);
  expect(sys?.licenses).toEqual([{ license: { id: 'BSD-3-Clause' } }]);
  expect(files.filter(({ licenses }) => licenses === undefined).map(({ name }) => name)).toEqual(
    files.filter(({ name }) => name.startsWith('LICENSES/')).map(({ name }) => name),
  );
  const driver = bom.components.find(
    (component) => component['bom-ref'] === 'driver:sampleblk/w11/amd64/sampleblk.inf',
  );
  expect(driver).toMatchObject({
    type: 'device-driver',
    name: 'sampleblk',
    supplier: { name: 'pvdisc project' },
  });
  expect(driver?.properties).toContainEqual({ name: 'pvdisc:signature', value: 'unsigned' });
  expect(bom.dependencies).toContainEqual({
    ref: 'driver:sampleblk/w11/amd64/sampleblk.inf',
    dependsOn: expect.arrayContaining([`${record.iso.name}/sampleblk/w11/amd64/sampleblk.sys`]),
  });
});

test('the serial number follows from the record, and the date is that of the release', async () => {
  const { record, text, bom } = await readBom();
  expect(bom.metadata).toMatchObject({ timestamp: record.date });
  expect(bom.serialNumber).toMatch(
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  const [, same] = releaseDocuments(record);
  expect(same?.text).toBe(text);
  const [, other] = releaseDocuments({ ...record, title: 'Another' });
  expect(JSON.parse(other?.text ?? '').serialNumber).not.toBe(bom.serialNumber);
});

test('the provenance is an in-toto statement about every disc and package, and says nothing of the machine', async () => {
  const { record, text, statement } = await readStatement();
  expect(statementSchema.parse(statement)).toEqual(statement);
  expect(statement).toMatchObject({
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://slsa.dev/provenance/v1',
  });
  const artifacts = [record.iso, record.symbols, ...record.artifacts];
  expect(statement.subject).toEqual(
    artifacts.map((made) => ({ name: made?.name, digest: { sha256: made?.sha256 } })),
  );
  const release = await readFile(join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml'));
  expect(statement.predicate.buildDefinition.externalParameters).toEqual({
    release: { name: 'pvdisc-sample', version: '0.1.0' },
    releaseFile: {
      name: 'sample.yaml',
      digest: { sha256: createHash('sha256').update(release).digest('hex') },
    },
    profile: 'full',
    compression: 'zstd',
    sourceDateEpoch: Date.parse(record.date) / 1000,
  });
  expect(statement.predicate.runDetails.metadata).toEqual({});
  expect(text).not.toMatch(/\/tmp|\/home|\/root|localhost/);
});

test('sources are dependencies by commit, by digest, or by the files taken from them', async () => {
  const { record } = await builtSample();
  const files = { shipped: 1, leftOut: 0, ignored: 0 };
  const commit = 'ab'.repeat(20);
  const sha256 = 'cd'.repeat(32);
  const sources: ReleaseRecord['sources'] = [
    { id: 'drivers', type: 'sample', pin: {}, files },
    { id: 'git', type: 'git', pin: { url: 'https://example.org/a.git', commit, folder: 'data' }, files },
    { id: 'local', type: 'git', pin: { url: 'file:///srv/a.git', commit }, files },
    { id: 'web', type: 'http', pin: { url: 'https://example.org/a.zip', sha256, size: '1' }, files },
  ];
  const { predicate } = JSON.parse(
    provenanceText({ ...record, inputs: undefined, sources }, []),
  ) as Statement;
  const taken = new Map(
    record.iso.files.flatMap(({ origin, sha256: digest }) => (origin ? [[origin.path, digest]] : [])),
  );
  for (const { origin, sha256: digest } of record.symbols?.files ?? [])
    if (origin) taken.set(origin.path, digest);
  const lines = [...taken]
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
    .map(([path, digest]) => `${digest}  ${path}\n`);
  expect(predicate.buildDefinition.resolvedDependencies).toEqual([
    {
      name: 'drivers',
      digest: { dirHash: createHash('sha256').update(lines.join('')).digest('hex') },
      annotations: { type: 'sample' },
    },
    {
      name: 'git',
      uri: `git+https://example.org/a.git@${commit}`,
      digest: { gitCommit: commit },
      annotations: { type: 'git', folder: 'data' },
    },
    { name: 'local', digest: { gitCommit: commit }, annotations: { type: 'git' } },
    {
      name: 'web',
      uri: 'https://example.org/a.zip',
      digest: { sha256 },
      annotations: { type: 'http', size: '1' },
    },
  ]);
});

test.each<[string, (statement: Statement) => unknown]>([
  ['another type', (statement) => ({ ...statement, _type: 'https://in-toto.io/Statement/v0.1' })],
  ['no subject', (statement) => ({ ...statement, subject: [] })],
  ['a subject without sha256', (statement) => ({ ...statement, subject: [{ name: 'x', digest: {} }] })],
  ['another predicate', (statement) => ({ ...statement, predicateType: 'https://slsa.dev/provenance/v0.2' })],
])('a statement with %s is refused', async (_what, change) => {
  const { statement } = await readStatement();
  expect(statementSchema.safeParse(change(statement)).success).toBe(false);
});
