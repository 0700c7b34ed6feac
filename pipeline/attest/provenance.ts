import * as z from 'zod';
import { checksumsText, sha256Of } from '../formats/sums.ts';
import { type ReleaseRecord, recordedDiscs } from '../model/record.ts';
import { digestField } from '../model/shared-schema.ts';

interface NamedDigest {
  readonly name: string;
  readonly sha256: string;
}

/** Identifiers of builders and build types; pvdisc does not fetch these URLs. */
const home = 'https://pvdisc.example.org';

/**
 * Returns the provenance of a release: an in-toto statement with SLSA provenance v1 about its discs and packages, as JSON. It
 * depends only on the record; `byproducts` are the other documents.
 */
export function provenanceText(record: ReleaseRecord, byproducts: readonly NamedDigest[]): string {
  return `${JSON.stringify(statementSchema.parse(statement(record, byproducts)), null, 2)}\n`;
}

function statement(record: ReleaseRecord, byproducts: readonly NamedDigest[]): Statement {
  const { name, version, profile, date, parameters, tools } = record;
  const versions = Object.fromEntries(tools.map((tool) => [tool.name, tool.version]));
  const { pvdisc = 'unknown', ...others } = versions;
  const discs = recordedDiscs(record);
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [...discs, ...record.artifacts].map(describe),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: `${home}/build/v1`,
        externalParameters: {
          release: { name, version },
          releaseFile: describe(parameters.release),
          profile,
          compression: parameters.compression,
          sourceDateEpoch: Date.parse(date) / 1000,
          ...(record.signing !== undefined && { signer: signerOf(record.signing) }),
        },
        internalParameters: { tools: others },
        resolvedDependencies: [
          ...record.sources.map((source) => dependency(source, record)),
          ...inputs(record, pvdisc),
          ...(record.signing === undefined ? [] : [describe(record.signing.signatures)]),
        ],
      },
      runDetails: {
        builder: { id: `${home}/builder/${pvdisc}`, version: { pvdisc } },
        metadata: {},
        byproducts: byproducts.map(describe),
      },
    },
  };
}

function describe({ name, sha256 }: NamedDigest) {
  return { name, digest: { sha256 } };
}

/** The certificate that signed the drivers. */
function signerOf({ certificate: { name, sha256 } }: NonNullable<ReleaseRecord['signing']>) {
  return describe({ name, sha256 });
}

/** Lists the inputs other than sources: the files of the manifest, and pvdisc with its version and the digest of its own files. */
function inputs({ inputs: read }: ReleaseRecord, version: string): ResourceDescriptor[] {
  if (read === undefined) return [];
  const own = { name: 'pvdisc', digest: { dirHash: read.own }, annotations: { version } };
  return [...read.files.map(describe), own];
}

/** Describes a source by its pin, or an unpinned source by the digest of its shipped files. */
function dependency(
  { id, type, pin }: ReleaseRecord['sources'][number],
  record: ReleaseRecord,
): ResourceDescriptor {
  const { url, commit, sha256, ...rest } = pin;
  return {
    name: id,
    ...(url !== undefined &&
      !url.startsWith('file:') && { uri: commit === undefined ? url : `git+${url}@${commit}` }),
    digest: {
      ...(commit !== undefined && { gitCommit: commit }),
      ...(sha256 !== undefined && { sha256 }),
      ...(commit === undefined && sha256 === undefined && { dirHash: filesDigest(id, record) }),
    },
    annotations: { type, ...rest },
  };
}

/** Returns the dirHash (in-toto DigestSet v1.1) of the files shipped from a source, before repairs and signatures. */
function filesDigest(id: string, { iso, symbols, repairs, signing }: ReleaseRecord): string {
  const stored = new Map(repairs.map(({ origin, from }) => [`${origin.source}\0${origin.path}`, from]));
  const unsigned = new Map(signing?.files.map(({ path, from }) => [path, from]));
  for (const { path, origin } of iso.files) {
    const from = unsigned.get(path);
    if (origin !== undefined && from !== undefined) stored.set(`${origin.source}\0${origin.path}`, from);
  }
  const files = new Map<string, string>();
  for (const { origin, sha256 } of [...iso.files, ...(symbols?.files ?? [])]) {
    if (origin?.source === id) files.set(origin.path, stored.get(`${id}\0${origin.path}`) ?? sha256);
  }
  const text = checksumsText([...files].map(([name, sha256]) => ({ name, sha256 })));
  return sha256Of(text);
}

/** DigestSet v1.1: named algorithms, lower-case hex (https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md). */
const digestSet = z
  .strictObject({
    sha256: digestField.optional(),
    gitCommit: z
      .string()
      .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)
      .optional(),
    dirHash: digestField.optional(),
  })
  .refine((digests) => Object.keys(digests).length > 0, 'has no digest');

/** ResourceDescriptor v1 (https://github.com/in-toto/attestation/blob/main/spec/v1/resource_descriptor.md). */
const resourceDescriptor = z
  .strictObject({
    name: z.string().optional(),
    uri: z.url().optional(),
    digest: digestSet.optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  })
  .refine(({ uri, digest }) => uri !== undefined || digest !== undefined, 'has neither uri nor digest');

/** SLSA provenance v1 (https://slsa.dev/spec/v1.0/provenance), without data about the machine or the time. */
const provenance = z.strictObject({
  buildDefinition: z.strictObject({
    buildType: z.url(),
    externalParameters: z.strictObject({
      release: z.strictObject({ name: z.string(), version: z.string() }),
      releaseFile: resourceDescriptor,
      profile: z.string(),
      compression: z.string(),
      sourceDateEpoch: z.int().min(0),
      signer: resourceDescriptor.optional(),
    }),
    internalParameters: z.strictObject({ tools: z.record(z.string(), z.string()) }),
    resolvedDependencies: z.array(resourceDescriptor),
  }),
  runDetails: z.strictObject({
    builder: z.strictObject({ id: z.url(), version: z.record(z.string(), z.string()) }),
    metadata: z.strictObject({}),
    byproducts: z.array(resourceDescriptor),
  }),
});

/** In-toto statement v1 (https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md) about a release. */
export const statementSchema = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z
    .array(z.strictObject({ name: z.string(), digest: z.strictObject({ sha256: digestField }) }))
    .min(1),
  predicateType: z.literal('https://slsa.dev/provenance/v1'),
  predicate: provenance,
});

export type Statement = z.output<typeof statementSchema>;

export type ResourceDescriptor = z.output<typeof resourceDescriptor>;
