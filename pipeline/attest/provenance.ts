import { checksumsText, sha256Of } from '../formats/sha256sums.ts';
import type { ReleaseRecord } from '../model/record.ts';
import { type ResourceDescriptor, type Statement, statementSchema } from './provenance-schema.ts';

/** A file of a release and its digest. */
interface NamedDigest {
  readonly name: string;
  readonly sha256: string;
}

/** Names of builders and of what they do; they are identifiers, and nothing is fetched from them. */
const home = 'https://pvdisc.example.org';

/**
 * Returns the provenance of a release: an in-toto statement about its discs and packages with SLSA provenance v1, as JSON. It is
 * made of the record alone; `byproducts` are the documents beside them.
 */
export function provenanceText(record: ReleaseRecord, byproducts: readonly NamedDigest[]): string {
  return `${JSON.stringify(statementSchema.parse(statement(record, byproducts)), null, 2)}\n`;
}

function statement(record: ReleaseRecord, byproducts: readonly NamedDigest[]): Statement {
  const { name, version, profile, date, parameters, tools } = record;
  const versions = Object.fromEntries(tools.map((tool) => [tool.name, tool.version]));
  const { pvdisc = 'unknown', ...others } = versions;
  const discs = [record.iso, ...(record.symbols === undefined ? [] : [record.symbols])];
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
        },
        internalParameters: { tools: others },
        resolvedDependencies: [
          ...record.sources.map((source) => dependency(source, record)),
          ...inputs(record, pvdisc),
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

/** What was read besides sources: the files of the manifest, and pvdisc by its version and the digest of what it packs of itself. */
function inputs({ inputs: read }: ReleaseRecord, version: string): ResourceDescriptor[] {
  if (read === undefined) return [];
  const own = { name: 'pvdisc', digest: { dirHash: read.own }, annotations: { version } };
  return [...read.files.map(describe), own];
}

/** A source by its pin; one that nothing pins by the digest of the files that were taken from it. */
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

/** The dirHash (in-toto DigestSet v1.1) of the files that were shipped from a source, as they were there. */
function filesDigest(id: string, { iso, symbols, repairs }: ReleaseRecord): string {
  const stored = new Map(repairs.map(({ origin, from }) => [`${origin.source}\0${origin.path}`, from]));
  const files = new Map<string, string>();
  for (const { origin, sha256 } of [...iso.files, ...(symbols?.files ?? [])]) {
    if (origin?.source === id) files.set(origin.path, stored.get(`${id}\0${origin.path}`) ?? sha256);
  }
  const text = checksumsText([...files].map(([name, sha256]) => ({ name, sha256 })));
  return sha256Of(text);
}
