import { join } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { plural } from '../core/text.ts';
import { shortLifeOf } from '../model/signing.ts';
import { certificateName } from '../sign/certificates.ts';
import {
  hasProvenTime,
  planSigning,
  type SignedDriverFile,
  type SigningChoice,
  type SigningPlan,
  signedBytes,
} from '../sign/plan-signing.ts';
import { requestsOf, type Signing, type SigningMeans, signContents } from '../sign/sign-contents.ts';
import { type Signatures, signatureRequests } from '../sign/signature-files.ts';
import { type SourceTree, storedBytes } from '../sources/define.ts';
import { requireFreshCatalogs } from './fresh-catalogs.ts';
import { replaceFiles } from './replace-files.ts';

/** Returns what a key has to sign in a folder, to be signed elsewhere. */
export async function folderRequests(
  tree: SourceTree,
  how: SigningChoice & Signing & Pick<FolderToSign, 'folder'>,
  context: Pick<RunContext, 'signal' | 'reporter'>,
) {
  const { toSign } = await planFolder(tree, how, [], context);
  return signatureRequests(requestsOf(toSign, how), how.certificates);
}

interface FolderToSign {
  /** Absolute path of the folder that the tree was opened from. */
  readonly folder: string;
  /** Gets what makes the same run possible without the key, before any file changes. */
  readonly keep?: (record: Signatures) => Promise<void>;
}

/** Signs the catalogs and binaries of a folder in place; nothing is changed unless each INF has its catalog and all signatures are there and right. */
export async function signFolder(
  tree: SourceTree,
  how: SigningChoice & SigningMeans & FolderToSign,
  context: Pick<RunContext, 'signal' | 'reporter' | 'fetch'>,
): Promise<readonly SignedDriverFile[]> {
  const { toSign, files } = await planFolder(tree, how, how.servers, context);
  const { byPath, record } = await signContents(toSign, how, context);
  const contents = new Map<string, Uint8Array>();
  for (const file of filesOf(tree)) {
    const signedData = byPath.get(file.path);
    if (signedData !== undefined)
      contents.set(join(how.folder, file.path), await signedBytes(file, signedData, how));
  }
  context.signal.throwIfAborted();
  await how.keep?.(record);
  await replaceFiles(contents);
  noteShortLife([...contents.values()], how, context);
  return files;
}

/** As the rule sign/short-lived-certificate says of a release; a folder has no date but today's. */
function noteShortLife(
  signed: readonly Uint8Array[],
  { certificates: { leaf } }: Pick<Signing, 'certificates'>,
  { reporter }: Pick<RunContext, 'reporter'>,
): void {
  const days = shortLifeOf(leaf.facts, Date.now() / 1000);
  const untimed = signed.filter((bytes) => !hasProvenTime(bytes)).length;
  if (days === undefined || untimed === 0) return;
  reporter.note(
    `the certificate of "${certificateName(leaf)}" ends on ${leaf.facts.validTo.slice(0, 10)}, ${Math.abs(days)} days ${days < 0 ? 'ago' : 'from now'}, and no timestamp of a public authority keeps ${plural(untimed, 'signature')} valid: make a certificate that is valid for as long as the drivers are used, or give --timestamp`,
  );
}

async function planFolder(
  tree: SourceTree,
  how: SigningChoice & Signing & Pick<FolderToSign, 'folder'>,
  servers: readonly string[],
  context: Pick<RunContext, 'signal' | 'reporter'>,
): Promise<SigningPlan> {
  const plan = await planSigning(filesOf(tree), { ...how, replaceHint }, servers, context);
  await requireFreshCatalogs(tree, plan.files, how.folder, context);
  return plan;
}

const replaceHint = '--replace puts yours in its place';

function filesOf({ files }: SourceTree) {
  return files.map((file) => ({ path: file.path, stored: storedBytes(file) }));
}
