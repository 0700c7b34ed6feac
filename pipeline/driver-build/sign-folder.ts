import { join } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { PipelineError, type Problem } from '../core/errors.ts';
import { maxDriverFileBytes } from '../core/limits.ts';
import { parseCatalog } from '../formats/catalog/catalog.ts';
import { FormatError } from '../formats/format-error.ts';
import { hasPeSignature } from '../formats/pe/headers.ts';
import { readPeSignatures } from '../formats/pe/signature.ts';
import type { Signer } from '../formats/signature/signed-data.ts';
import { fewOfAKind } from '../manifest/few-problems.ts';
import { contentToSign, withSignature } from '../sign/contents.ts';
import {
  type FileContent,
  requestsOf,
  type Signing,
  type SigningMeans,
  signContents,
} from '../sign/sign-contents.ts';
import { type Signatures, signatureRequests } from '../sign/signature-files.ts';
import { type SourceFile, type SourceTree, storedBytes } from '../sources/define.ts';
import { readStored, storedSize } from '../system/stored-bytes.ts';
import { replaceFiles } from './replace-files.ts';

/** Which binaries get a signature of their own: drivers that start at boot need one, since catalogs cannot be read then. */
export const embedChoices = ['drivers', 'all', 'none'] as const;

/** What is signed besides the catalogs, and what becomes of other people's signatures. */
export interface FolderSigning {
  readonly embed: (typeof embedChoices)[number];
  /** Whether signatures of others are replaced; those of Microsoft never are. */
  readonly replace: boolean;
}

/** A file of the folder, and what became of it: `kept` has a signature of Microsoft, `unchanged` one of this certificate. */
export interface SignedDriverFile {
  readonly path: string;
  readonly state: 'signed' | 'unchanged' | 'kept';
}

const endings: Readonly<Record<FolderSigning['embed'], RegExp>> = {
  none: /\.cat$/i,
  drivers: /\.(?:cat|sys)$/i,
  all: /\.(?:cat|sys|dll|exe)$/i,
};

/** Returns what a key has to sign in a folder, to be signed elsewhere. */
export async function folderRequests(
  tree: SourceTree,
  how: FolderSigning & Signing,
  context: Pick<RunContext, 'signal'>,
) {
  const { toSign } = await planSigning(tree, how, [], context);
  return signatureRequests(requestsOf(toSign, how), how.certificates.leaf.facts.sha256);
}

/** Signs the catalogs and binaries of a folder in place; nothing is changed unless all signatures are there and right. Returns also what to keep for the same run without the key. */
export async function signFolder(
  tree: SourceTree,
  how: FolderSigning & SigningMeans & { readonly folder: string },
  context: Pick<RunContext, 'signal' | 'reporter' | 'fetch'>,
): Promise<{ readonly files: readonly SignedDriverFile[]; readonly record: Signatures }> {
  const { toSign, files } = await planSigning(tree, how, how.servers, context);
  const { byPath, record } = await signContents(toSign, how, context);
  const contents = new Map<string, Uint8Array>();
  for (const file of tree.files) {
    const signedData = byPath.get(file.path);
    if (signedData === undefined) continue;
    const signed = withSignature(await readStored(storedBytes(file)), signedData);
    if (!isSignedBy(signersOf(signed), how)) throw changedMeanwhile(file);
    contents.set(join(how.folder, file.path), signed);
  }
  context.signal.throwIfAborted();
  await replaceFiles(contents);
  return { files, record };
}

/** Tells the files that get a signature from those that have one already; throws one error with every problem. */
async function planSigning(
  tree: SourceTree,
  how: FolderSigning & Signing,
  servers: readonly string[],
  { signal }: Pick<RunContext, 'signal'>,
) {
  const toSign: FileContent[] = [];
  const files: SignedDriverFile[] = [];
  const problems: Problem[] = [];
  for (const file of tree.files.filter(({ path }) => endings[how.embed].test(path))) {
    signal.throwIfAborted();
    const { path } = file;
    try {
      const bytes = await readWhole(file);
      const state = stateOf(bytes, path, how, servers);
      files.push({ path, state });
      if (state === 'signed') toSign.push({ path, content: contentToSign(bytes) });
    } catch (error) {
      if (error instanceof FormatError)
        problems.push({ place: path, message: `cannot be signed: ${error.message}`, hint: 'build it again' });
      else if (error instanceof PipelineError && error.kind === 'input') problems.push(...error.problems);
      else throw error;
    }
  }
  if (problems.length > 0) throw new PipelineError('input', fewOfAKind(problems));
  return { toSign, files };
}

async function readWhole(file: SourceFile): Promise<Buffer> {
  const stored = storedBytes(file);
  const size = await storedSize(stored);
  if (size <= maxDriverFileBytes) return readStored(stored);
  throw new FormatError(`it has ${size} bytes; at most ${maxDriverFileBytes} are read`);
}

/** A signature whose file was changed counts for nothing. */
function signersOf(bytes: Uint8Array): readonly Signer[] {
  if (!hasPeSignature(bytes)) return parseCatalog(bytes).signature.signers;
  return readPeSignatures(bytes).flatMap(({ matches, signers }) => (matches ? signers : []));
}

function stateOf(
  bytes: Uint8Array,
  path: string,
  how: FolderSigning & Signing,
  servers: readonly string[],
): SignedDriverFile['state'] {
  const signers = signersOf(bytes).filter(({ problem }) => problem === undefined);
  if (signers.some(isMicrosoft)) return 'kept';
  if (isSignedBy(signers, how)) {
    const isTimed = signers.some(
      ({ timestamp }) => timestamp !== undefined && timestamp.problem === undefined,
    );
    return isTimed || servers.length === 0 ? 'unchanged' : 'signed';
  }
  const [other] = signers;
  if (other === undefined || how.replace) return 'signed';
  const name = other.certificate?.commonName ?? other.certificate?.subject ?? 'somebody';
  throw new PipelineError('input', {
    place: path,
    message: `has a signature of "${name}"`,
    hint: '--replace puts yours in its place',
  });
}

/** Its roots for drivers, or a public authority that certified its name, as for the co-installers of its driver kits. */
function isMicrosoft({ issuedByMicrosoft, authority, certificate }: Signer): boolean {
  const isNamed = /(?:^|, )O=Microsoft Corporation(?:,|$)/.test(certificate?.subject ?? '');
  return issuedByMicrosoft || (authority === 'public' && isNamed);
}

function isSignedBy(signers: readonly Signer[], { certificates }: Pick<Signing, 'certificates'>): boolean {
  const { sha256 } = certificates.leaf.facts;
  return signers.some(({ problem, certificate }) => problem === undefined && certificate?.sha256 === sha256);
}

function changedMeanwhile({ path }: SourceFile): PipelineError {
  return new PipelineError('input', {
    place: path,
    message: 'was changed while it was signed',
    hint: 'let nothing write to the folder meanwhile, and run again',
  });
}
