import type { StoredBytes } from '../core/content.ts';
import type { RunContext } from '../core/context.ts';
import { PipelineError, type Problem } from '../core/errors.ts';
import { maxDriverFileBytes } from '../core/limits.ts';
import { parseCatalog } from '../formats/catalog/catalog.ts';
import { FormatError } from '../formats/format-error.ts';
import { hasPeSignature } from '../formats/pe/headers.ts';
import { readPeSignatures } from '../formats/pe/signature.ts';
import type { Signer } from '../formats/signature/signed-data.ts';
import { provenTime } from '../formats/signature/timestamp.ts';
import { fewOfAKind } from '../manifest/few-problems.ts';
import type { EmbedChoice } from '../manifest/sign-schema.ts';
import { readStored, storedSize } from '../system/stored-bytes.ts';
import { contentToSign, withSignature } from './contents.ts';
import type { FileContent, Signing } from './sign-contents.ts';

/** What is signed besides the catalogs, and whether signatures of others are replaced; those of Microsoft never are. */
export interface SigningChoice {
  readonly embed: EmbedChoice;
  readonly replace: boolean;
}

/** How files are signed, and what an error says where others signed a file that is to be signed. */
export interface PlanHow extends SigningChoice, Signing {
  readonly replaceHint: string;
}

/** A file that a signature may go into. */
export interface FileToSign {
  readonly path: string;
  readonly stored: StoredBytes;
}

/** What becomes of a file: `kept` has a signature of Microsoft, `unchanged` one of this certificate. */
export interface SignedDriverFile {
  readonly path: string;
  readonly state: 'signed' | 'unchanged' | 'kept';
  /** Who signed it before, where that signature is replaced. */
  readonly replaced?: string;
}

/** The files that get a signature, with what it is over, and what becomes of all files. */
export interface SigningPlan {
  readonly toSign: readonly FileContent[];
  readonly files: readonly SignedDriverFile[];
}

const endings: Readonly<Record<EmbedChoice, RegExp>> = {
  none: /\.cat$/i,
  drivers: /\.(?:cat|sys)$/i,
  all: /\.(?:cat|sys|dll|exe)$/i,
};

/** Returns whether a file is of a kind that is signed. */
export function mayBeSigned(path: string, embed: EmbedChoice): boolean {
  return endings[embed].test(path);
}

/** Tells the files that get a signature from those that have one already; `servers` give a time to signatures of this certificate that lack one. Throws one error with every problem. */
export async function planSigning(
  all: readonly FileToSign[],
  how: PlanHow,
  servers: readonly string[],
  { signal }: Pick<RunContext, 'signal'>,
): Promise<SigningPlan> {
  const toSign: FileContent[] = [];
  const files: SignedDriverFile[] = [];
  const problems: Problem[] = [];
  for (const { path, stored } of all.filter((file) => mayBeSigned(file.path, how.embed))) {
    signal.throwIfAborted();
    try {
      const bytes = await readWhole(stored);
      const planned = { path, ...plannedState(bytes, path, how, servers) };
      files.push(planned);
      if (planned.state === 'signed') toSign.push({ path, content: contentToSign(bytes) });
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

/** Returns a file with its new signature; throws when the file is no longer the one that was planned. */
export async function signedBytes(
  { path, stored }: FileToSign,
  signedData: Uint8Array,
  how: Pick<Signing, 'certificates'>,
): Promise<Uint8Array> {
  const signed = withSignature(await readStored(stored), signedData);
  if (isSignedByCertificate(signed, how.certificates.leaf.facts.sha256)) return signed;
  throw new PipelineError('input', {
    place: path,
    message: 'was changed while it was signed',
    hint: 'let nothing write to the folder meanwhile, and run again',
  });
}

/** Returns whether Microsoft signed a catalog or binary, and its signature is right. */
export function isSignedByMicrosoft(bytes: Uint8Array): boolean {
  return signersOf(bytes).some((signer) => signer.problem === undefined && isMicrosoft(signer));
}

/** Returns whether a catalog or binary has a right signature of a certificate, which its sha256 names. */
export function isSignedByCertificate(bytes: Uint8Array, sha256: string): boolean {
  return isSignedBy(signersOf(bytes), sha256);
}

/** Returns whether a timestamp of a public authority keeps a signature of a catalog or binary valid after its certificate. */
export function hasProvenTime(bytes: Uint8Array): boolean {
  return signersOf(bytes).some(({ timestamp }) => provenTime(timestamp) !== undefined);
}

async function readWhole(stored: StoredBytes): Promise<Buffer> {
  const size = await storedSize(stored);
  if (size <= maxDriverFileBytes) return readStored(stored);
  throw new FormatError(`it has ${size} bytes; at most ${maxDriverFileBytes} are read`);
}

/** A signature whose file was changed counts for nothing. */
function signersOf(bytes: Uint8Array): readonly Signer[] {
  if (!hasPeSignature(bytes)) return parseCatalog(bytes).signature.signers;
  return readPeSignatures(bytes).flatMap(({ matches, signers }) => (matches ? signers : []));
}

/** Returns what becomes of a catalog or binary; throws when others signed it and their signatures stay. */
export function plannedState(
  bytes: Uint8Array,
  path: string,
  how: PlanHow,
  servers: readonly string[],
): Omit<SignedDriverFile, 'path'> {
  const signers = signersOf(bytes).filter(({ problem }) => problem === undefined);
  if (signers.some(isMicrosoft)) return { state: 'kept' };
  if (isSignedBy(signers, how.certificates.leaf.facts.sha256)) {
    const isTimed = signers.some(
      ({ timestamp }) => timestamp !== undefined && timestamp.problem === undefined,
    );
    return { state: isTimed || servers.length === 0 ? 'unchanged' : 'signed' };
  }
  const [other] = signers;
  if (other === undefined) return { state: 'signed' };
  const name = other.certificate?.commonName ?? other.certificate?.subject ?? 'somebody';
  if (how.replace) return { state: 'signed', replaced: name };
  throw new PipelineError('input', {
    place: path,
    message: `has a signature of "${name}"`,
    hint: how.replaceHint,
  });
}

/** Its roots for drivers, or a public authority that certified its name, as for the co-installers of its driver kits. */
function isMicrosoft({ issuedByMicrosoft, authority, certificate }: Signer): boolean {
  const isNamed = /(?:^|, )O=Microsoft Corporation(?:,|$)/.test(certificate?.subject ?? '');
  return issuedByMicrosoft || (authority === 'public' && isNamed);
}

function isSignedBy(signers: readonly Signer[], sha256: string): boolean {
  return signers.some(({ problem, certificate }) => problem === undefined && certificate?.sha256 === sha256);
}
