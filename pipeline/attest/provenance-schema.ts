import { z } from 'zod';
import { digestField } from '../model/shared-schema.ts';

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

/** SLSA provenance v1 (https://slsa.dev/spec/v1.0/provenance), as pvdisc fills it in: nothing of the machine or the clock. */
const provenance = z.strictObject({
  buildDefinition: z.strictObject({
    buildType: z.url(),
    externalParameters: z.strictObject({
      release: z.strictObject({ name: z.string(), version: z.string() }),
      releaseFile: resourceDescriptor,
      profile: z.string(),
      compression: z.string(),
      sourceDateEpoch: z.int().min(0),
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
