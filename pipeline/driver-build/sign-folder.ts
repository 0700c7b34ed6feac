import { join } from 'node:path';
import type { RunContext } from '../core/context.ts';
import {
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
  how: SigningChoice & Signing & { readonly folder: string },
  context: Pick<RunContext, 'signal'>,
) {
  const { toSign } = await planFolder(tree, how, [], context);
  return signatureRequests(requestsOf(toSign, how), how.certificates);
}

/** Signs the catalogs and binaries of a folder in place; nothing is changed unless each INF has its catalog and all signatures are there and right. Returns also what to keep for the same run without the key. */
export async function signFolder(
  tree: SourceTree,
  how: SigningChoice & SigningMeans & { readonly folder: string },
  context: Pick<RunContext, 'signal' | 'reporter' | 'fetch'>,
): Promise<{ readonly files: readonly SignedDriverFile[]; readonly record: Signatures }> {
  const { toSign, files } = await planFolder(tree, how, how.servers, context);
  const { byPath, record } = await signContents(toSign, how, context);
  const contents = new Map<string, Uint8Array>();
  for (const file of filesOf(tree)) {
    const signedData = byPath.get(file.path);
    if (signedData !== undefined)
      contents.set(join(how.folder, file.path), await signedBytes(file, signedData, how));
  }
  context.signal.throwIfAborted();
  await replaceFiles(contents);
  return { files, record };
}

async function planFolder(
  tree: SourceTree,
  how: SigningChoice & Signing & { readonly folder: string },
  servers: readonly string[],
  context: Pick<RunContext, 'signal'>,
): Promise<SigningPlan> {
  const plan = await planSigning(filesOf(tree), { ...how, replaceHint }, servers, context);
  await requireFreshCatalogs(tree, plan.files, how.folder);
  return plan;
}

const replaceHint = '--replace puts yours in its place';

function filesOf({ files }: SourceTree) {
  return files.map((file) => ({ path: file.path, stored: storedBytes(file) }));
}
