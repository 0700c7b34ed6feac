import pMap from 'p-map';
import type { RunContext } from '../core/context.ts';
import { PipelineError, type Problem } from '../core/errors.ts';
import { maxDriverFileBytes } from '../core/limits.ts';
import { type Catalog, type FileDigests, fileDigests } from '../formats/catalog/index.ts';
import { FormatError } from '../formats/format-error.ts';
import type { Inf } from '../formats/inf/inf.ts';
import { parseCatalogOnce, parseInfOnce } from '../formats/parse-once.ts';
import { type PeHeaders, readPeHeaders } from '../formats/pe/headers.ts';
import { type PeSignature, type PeVersion, readPeSignatures, readPeVersion } from '../formats/pe/index.ts';
import { type SetPart, unsortedParts } from '../formats/signature/set-order.ts';
import type { Signer } from '../formats/signature/signed-data.ts';
import type { DiscFile, DriverTree } from '../model/driver-tree.ts';
import { readStored } from '../system/stored-bytes.ts';

/** Facts read from a file of the disc; `problem` says why the file cannot be parsed as the kind that its name suggests. */
export interface FileFacts {
  readonly kind: 'inf' | 'pe' | 'catalog' | 'other';
  /** The digests that a catalog uses to identify the file. */
  readonly digests?: FileDigests;
  readonly inf?: Inf;
  readonly pe?: Pick<PeHeaders, 'machine'>;
  /** The version resource of a PE file, if present. */
  readonly version?: PeVersion;
  /** Why the version resource of a PE file cannot be read. */
  readonly versionProblem?: string;
  /** The signatures embedded in a PE file. */
  readonly signatures?: readonly PeSignature[];
  /** Why the signatures embedded in a PE file cannot be read. */
  readonly signatureProblem?: string;
  readonly catalog?: Catalog;
  /** Parts of a catalog whose sets are not in the order of DER, if any. */
  readonly unsorted?: readonly SetPart[];
  readonly problem?: string;
}

/** Facts by path on the disc, without debug symbols and companion files. */
export type TreeFacts = ReadonlyMap<string, FileFacts>;

/** Reads the driver files of a tree: each distinct content once, at most four at a time. */
export async function readFacts(
  { files, signing }: Pick<DriverTree, 'files' | 'signing'>,
  context: Pick<RunContext, 'signal' | 'reporter'>,
): Promise<TreeFacts> {
  const byContent = new Map<string, Promise<FileFacts>>();
  const pending = pendingSigners(signing);
  const drivers = files.filter(({ role }) => role !== 'symbols' && role !== 'companion');
  const entries = await pMap(
    drivers,
    async (file): Promise<[string, FileFacts]> => {
      if (file.content.size > maxDriverFileBytes) throw new PipelineError('input', tooLarge(file));
      const kind = kindOf(file);
      const key = `${kind} ${file.content.sha256}`;
      const facts = byContent.get(key) ?? readStored(file.content).then((bytes) => fileFacts(kind, bytes));
      byContent.set(key, facts);
      context.reporter.progress({ files: byContent.size, item: file.path });
      return [file.path, withPending(await facts, pending.get(file.path))];
    },
    { concurrency: 4, signal: context.signal },
  );
  return new Map(entries);
}

/** Returns the signer of each file that a check judges as signed. */
function pendingSigners(signing: DriverTree['signing']): ReadonlyMap<string, Signer> {
  const { pending, files = [] } = signing ?? {};
  if (pending === undefined) return new Map();
  const toSign = files.filter(({ state }) => state === 'made' || state === 'signed');
  return new Map(toSign.map(({ path }) => [path, pending]));
}

function withPending(facts: FileFacts, signer: Signer | undefined): FileFacts {
  if (signer === undefined) return facts;
  const signature = { certificates: [], signers: [signer] };
  const { catalog, signatures } = facts;
  if (catalog !== undefined) return { ...facts, catalog: { ...catalog, signature } };
  return signatures === undefined ? facts : { ...facts, signatures: [{ ...signature, matches: true }] };
}

/** Returns the problem of a driver file larger than `maxDriverFileBytes`. */
export function tooLarge({ path, content }: DiscFile): Problem {
  return {
    place: path,
    message: `has ${content.size} bytes; the limit for a driver file is ${maxDriverFileBytes}`,
    hint: 'check where the file comes from: no driver file is this large',
  };
}

function kindOf({ path, role }: DiscFile): FileFacts['kind'] {
  if (role === 'inf') return 'inf';
  if (/\.(sys|dll|exe)$/i.test(path)) return 'pe';
  return /\.cat$/i.test(path) ? 'catalog' : 'other';
}

function fileFacts(kind: FileFacts['kind'], bytes: Uint8Array): FileFacts {
  return {
    kind,
    ...orProblem(
      () => readers[kind](bytes),
      (problem) => ({ problem }),
    ),
  };
}

function orProblem<Facts>(read: () => Facts, broken: (problem: string) => Facts): Facts {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) return broken(error.message);
    throw error;
  }
}

type Facts = Omit<FileFacts, 'kind'>;

const readers: Readonly<Record<FileFacts['kind'], (bytes: Uint8Array) => Facts>> = {
  inf: (bytes) => ({ digests: fileDigests(bytes), inf: parseInfOnce(bytes) }),
  pe: (bytes) => ({ digests: fileDigests(bytes), ...peFacts(bytes) }),
  catalog: (bytes) => ({
    digests: fileDigests(bytes),
    catalog: parseCatalogOnce(bytes),
    unsorted: unsortedParts(bytes),
  }),
  other: (bytes) => ({ digests: fileDigests(bytes) }),
};

/** Reads each part of a PE file apart: Windows installs a driver whose catalog holds it, whatever its version resource is. */
function peFacts(bytes: Uint8Array): Facts {
  return orProblem(
    (): Facts => ({
      pe: { machine: readPeHeaders(bytes).machine },
      ...orProblem<Facts>(
        () => ({ signatures: readPeSignatures(bytes) }),
        (signatureProblem) => ({ signatureProblem }),
      ),
      ...orProblem<Facts>(
        () => versionFacts(readPeVersion(bytes)),
        (versionProblem) => ({ versionProblem }),
      ),
    }),
    (problem) => ({ problem }),
  );
}

function versionFacts(version: PeVersion | undefined): Facts {
  return version === undefined ? {} : { version };
}

/** A file of a driver package. */
export interface PayloadFile {
  readonly path: string;
  readonly facts: FileFacts;
}
