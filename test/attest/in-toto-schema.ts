import { Ajv2020 } from 'ajv/dist/2020.js';

/**
 * in-toto Statement v1 with SLSA provenance v1 according to their specifications, independent of pipeline/.
 * They publish no JSON Schema: field names and types are those of protos/in_toto_attestation/v1/{statement,resource_descriptor}.proto
 * and predicates/provenance/v1/provenance.proto (github.com/in-toto/attestation) in the JSON mapping of proto3, which knows no other
 * fields; what is required, and the lengths of digests, are those of `Validate` in go/v1 and go/predicates/provenance/v1 there.
 */
const text = { type: 'string' };
const filled = { type: 'string', minLength: 1 };
const struct = { type: 'object' };
const time = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' };
const hex = (bytes: number) => ({ type: 'string', pattern: `^[0-9a-f]{${bytes * 2}}$` });

const digestSizes = {
  md5: 16,
  sha1: 20,
  sha224: 28,
  sha512_224: 28,
  sha256: 32,
  sha512_256: 32,
  sha384: 48,
  sha512: 64,
  sha3_224: 28,
  sha3_256: 32,
  sha3_384: 48,
  sha3_512: 64,
  gitCommit: 20,
  dirHash: 32,
};

const digest = {
  type: 'object',
  properties: Object.fromEntries(Object.entries(digestSizes).map(([name, bytes]) => [name, hex(bytes)])),
  additionalProperties: text,
};

const descriptorFields = {
  name: text,
  uri: text,
  digest,
  content: text,
  downloadLocation: text,
  mediaType: text,
  annotations: struct,
};

const descriptor = {
  ...message(descriptorFields),
  anyOf: [
    { required: ['name'], properties: { name: filled } },
    { required: ['uri'], properties: { uri: filled } },
    { required: ['digest'], properties: { digest: { minProperties: 1 } } },
  ],
};

const subject = {
  ...message(descriptorFields, ['digest']),
  properties: { ...descriptorFields, digest: { ...digest, minProperties: 1 } },
};
const descriptors = { type: 'array', items: descriptor };

const builder = message(
  {
    id: filled,
    version: { type: 'object', additionalProperties: text },
    builderDependencies: descriptors,
  },
  ['id'],
);

const provenance = message(
  {
    buildDefinition: message(
      {
        buildType: filled,
        externalParameters: struct,
        internalParameters: struct,
        resolvedDependencies: descriptors,
      },
      ['buildType', 'externalParameters'],
    ),
    runDetails: message(
      {
        builder,
        metadata: message({ invocationId: text, startedOn: time, finishedOn: time }),
        byproducts: descriptors,
      },
      ['builder'],
    ),
  },
  ['buildDefinition', 'runDetails'],
);

/** Returns whether a value is a valid in-toto statement with SLSA provenance. */
export const isProvenanceStatement = new Ajv2020({ strict: false }).compile(
  message(
    {
      _type: { const: 'https://in-toto.io/Statement/v1' },
      subject: { type: 'array', items: subject, minItems: 1 },
      predicateType: { const: 'https://slsa.dev/provenance/v1' },
      predicate: provenance,
    },
    ['_type', 'subject', 'predicateType', 'predicate'],
  ),
);

function message(properties: object, required: readonly string[] = []) {
  return { type: 'object', properties, required, additionalProperties: false };
}
