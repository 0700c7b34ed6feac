import pMap from 'p-map';
import type { RunContext } from '../core/context.ts';
import { PipelineError, type Problem } from '../core/errors.ts';
import { maxDriverFileBytes } from '../core/limits.ts';
import { type Catalog, type FileDigests, fileDigests } from '../formats/catalog/index.ts';
import { FormatError } from '../formats/format-error.ts';
import type { Inf } from '../formats/inf/inf.ts';
import { unexpectedKind } from '../formats/magic.ts';
import { parseCatalogOnce, parseInfOnce } from '../formats/parse-once.ts';
import { type DriverImage, readDriverImage } from '../formats/pe/driver-image.ts';
import { type PeHeaders, readPeHeaders } from '../formats/pe/headers.ts';
import { type PeImport, readPeImports } from '../formats/pe/imports.ts';
import { type PeSignature, type PeVersion, readPeSignatures, readPeVersion } from '../formats/pe/index.ts';
import { type DebugInfo, readDebugInfo } from '../formats/pe/pe.ts';
import { readCertificateTable } from '../formats/pe/signature.ts';
import { readWdfBinding, type WdfBinding } from '../formats/pe/wdf.ts';
import { type SetPart, unsortedParts } from '../formats/signature/set-order.ts';
import type { Signer } from '../formats/signature/signed-data.ts';
import { kernelFunctionSince, lacksKernelFunction } from '../formats/windows/kernel-modules.ts';
import type { DiscFile, DriverTree } from '../model/driver-tree.ts';
import { readStored } from '../system/stored-bytes.ts';

/** Facts read from a file of the disc; `problem` says why the file cannot be parsed as the kind that its name suggests. */
export interface FileFacts {
  readonly kind: 'inf' | 'pe' | 'catalog' | 'other';
  /** The digests that a catalog uses to identify the file. */
  readonly digests?: FileDigests;
  readonly inf?: Inf;
  readonly pe?: Pick<PeHeaders, 'machine' | 'subsystemVersion'>;
  /** How the kernel sees a `.sys` file. */
  readonly driver?: DriverImage;
  /** What a PE file imports: all libraries, and of their functions those that rules ask for. */
  readonly imports?: readonly PeImport[];
  /** Why the imports of a PE file cannot be read. */
  readonly importProblem?: string;
  /** The version of the Windows Driver Frameworks that a PE file binds to. */
  readonly wdf?: WdfBinding;
  /** The path of the program database where a PE file was built. */
  readonly symbolPath?: string;
  /** The version resource of a PE file, if present. */
  readonly version?: PeVersion;
  /** Why the version resource of a PE file cannot be read. */
  readonly versionProblem?: string;
  /** The signatures embedded in a PE file. */
  readonly signatures?: readonly PeSignature[];
  /** Bytes of the certificate table of a PE file that no signature covers; absent when there are none. */
  readonly unsignedData?: number;
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
      const isDriver = isDriverFile(file.path);
      const key = `${kind} ${isDriver} ${file.content.sha256}`;
      const facts =
        byContent.get(key) ?? readStored(file.content).then((bytes) => fileFacts(kind, bytes, isDriver));
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

/** Returns whether a path is the one of a kernel driver, which the kernel loads and not a process. */
export function isDriverFile(path: string): boolean {
  return /\.sys$/i.test(path);
}

function fileFacts(kind: FileFacts['kind'], bytes: Uint8Array, isDriver: boolean): FileFacts {
  const facts = orProblem(
    () => readers[kind](bytes, isDriver),
    (problem): Facts => ({ problem }),
  );
  const other = facts.problem === undefined || kind === 'inf' ? undefined : unexpectedKind(bytes);
  return { kind, ...facts, ...(other !== undefined && { problem: `it is ${other}` }) };
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

const readers: Readonly<Record<FileFacts['kind'], (bytes: Uint8Array, isDriver: boolean) => Facts>> = {
  inf: (bytes) => ({ digests: fileDigests(bytes), inf: parseInfOnce(bytes) }),
  pe: (bytes, isDriver) => ({ digests: fileDigests(bytes), ...peFacts(bytes, isDriver) }),
  catalog: (bytes) => ({
    digests: fileDigests(bytes),
    catalog: parseCatalogOnce(bytes),
    unsorted: unsortedParts(bytes),
  }),
  other: (bytes) => ({ digests: fileDigests(bytes) }),
};

/** Reads each part of a PE file apart: Windows installs a driver whose catalog holds it, whatever its version resource is. */
function peFacts(bytes: Uint8Array, isDriver: boolean): Facts {
  return orProblem(
    (): Facts => {
      const headers = readPeHeaders(bytes);
      const { machine, subsystemVersion } = headers;
      return {
        pe: { machine, subsystemVersion },
        ...(isDriver && { driver: readDriverImage(bytes) }),
        ...orProblem<Facts>(
          () => ({ imports: readPeImports(bytes).map(judgedFunctions) }),
          (importProblem) => ({ importProblem }),
        ),
        ...orProblem<Facts>(
          () => wdfFacts(readWdfBinding(bytes)),
          () => ({}),
        ),
        ...orProblem<Facts>(
          () => debugFacts(readDebugInfo(bytes, headers)),
          () => ({}),
        ),
        ...orProblem<Facts>(
          () => ({ signatures: readPeSignatures(bytes), ...unsignedData(bytes, headers) }),
          (signatureProblem) => ({ signatureProblem }),
        ),
        ...orProblem<Facts>(
          () => versionFacts(readPeVersion(bytes)),
          (versionProblem) => ({ versionProblem }),
        ),
      };
    },
    (problem) => ({ problem }),
  );
}

/** Keeps the functions that rules ask for; a hostile file can import 65,536 of unknown names of 1,024 bytes. */
function judgedFunctions({ library, functions }: PeImport): PeImport {
  const dated = functions.filter((name) => kernelFunctionSince(library, name) !== undefined);
  const unknown = functions.filter((name) => lacksKernelFunction(library, name));
  return { library, functions: [...dated, ...unknown.slice(0, maxUnjudgedFunctions)] };
}

const maxUnjudgedFunctions = 100;

function unsignedData(bytes: Uint8Array, headers: PeHeaders): Facts {
  const unsigned = readCertificateTable(bytes, headers)?.unsignedData ?? 0;
  return unsigned === 0 ? {} : { unsignedData: unsigned };
}

function wdfFacts(wdf: WdfBinding | undefined): Facts {
  return wdf === undefined ? {} : { wdf };
}

function debugFacts(debug: DebugInfo | undefined): Facts {
  return debug === undefined ? {} : { symbolPath: debug.path };
}

function versionFacts(version: PeVersion | undefined): Facts {
  return version === undefined ? {} : { version };
}

/** A file of a driver package. */
export interface PayloadFile {
  readonly path: string;
  readonly facts: FileFacts;
}
