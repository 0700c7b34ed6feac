import { open, readFile } from 'node:fs/promises';
import pMap from 'p-map';
import type { RunContext } from '../context.ts';
import type { DiscFile, DriverTree } from '../types.ts';
import { parseCatalog } from '../windows/catalog.ts';
import { FormatError } from '../windows/format-error.ts';
import { type Inf, parseInf } from '../windows/inf.ts';
import { readMachine } from '../windows/pe-headers.ts';
import { type SignatureState, signatureState, signerName } from '../windows/signature.ts';

/** What a file of the disc says of itself, by its kind; `problem` says why it cannot be read as that kind. */
export interface FileFacts {
  readonly kind: 'inf' | 'pe' | 'catalog';
  readonly inf?: Inf;
  /** `IMAGE_FILE_HEADER.Machine` of a PE file. */
  readonly machine?: number;
  readonly signature?: { readonly state: SignatureState; readonly signer?: string };
  readonly problem?: string;
}

/** Facts by path on the disc; files of other kinds are absent. */
export type TreeFacts = ReadonlyMap<string, FileFacts>;

/** Reads the INFs, binaries and catalogs of a tree, each content once. */
export async function readFacts(
  { files }: Pick<DriverTree, 'files'>,
  context: Pick<RunContext, 'signal'>,
): Promise<TreeFacts> {
  const byContent = new Map<string, Promise<FileFacts>>();
  const entries = await pMap(
    files,
    async (file): Promise<[string, FileFacts][]> => {
      const read = readerOf(file);
      if (read === undefined) return [];
      const key = `${read.name} ${file.content.sha256}`;
      const facts = byContent.get(key) ?? read(file.content.file);
      byContent.set(key, facts);
      return [[file.path, await facts]];
    },
    { concurrency: 4, signal: context.signal },
  );
  return new Map(entries.flat());
}

function readerOf({ path, role }: DiscFile): ((file: string) => Promise<FileFacts>) | undefined {
  const lower = path.toLowerCase();
  if (role === 'inf') return infFacts;
  if (/\.(sys|dll|exe)$/.test(lower)) return peFacts;
  return lower.endsWith('.cat') ? catalogFacts : undefined;
}

async function infFacts(file: string): Promise<FileFacts> {
  return { kind: 'inf', inf: parseInf(await readFile(file)) };
}

async function peFacts(file: string): Promise<FileFacts> {
  const header = await readStart(file, 4096);
  return orProblem('pe', () => ({ kind: 'pe', machine: readMachine(header) }));
}

async function catalogFacts(file: string): Promise<FileFacts> {
  const bytes = await readFile(file);
  return orProblem('catalog', () => {
    const { signers } = parseCatalog(bytes).signature;
    const signer = signerName(signers);
    return {
      kind: 'catalog',
      signature: { state: signatureState(signers), ...(signer !== undefined && { signer }) },
    };
  });
}

function orProblem(kind: FileFacts['kind'], read: () => FileFacts): FileFacts {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) return { kind, problem: error.message };
    throw error;
  }
}

async function readStart(file: string, length: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
