import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { RunContext } from '../../core/context.ts';
import { refusal, type Subject } from '../../core/refusal.ts';
import { cached, cacheFolders, findCached } from '../../system/cache.ts';
import { exists } from '../../system/files.ts';
import { inCache } from '../../system/system-error.ts';
import type { SourceRequest } from '../define.ts';
import { fetchFromAny, requireReachable } from '../fetch/mirrors.ts';
import { originFile, partialFile } from '../fetch/partial.ts';
import type { PinnedFile } from '../pinned-file.ts';
import type { LocalSignature, WebSignature } from './fields.ts';
import { mostSignatureBytes, type SignedFile, signatureProblem } from './gpgv.ts';
import { readKeyring } from './keyring.ts';

/** Checks the detached signature of a file on disk: the one in the manifest, else the one beside the file. */
export async function checkLocalSignature(
  pinned: PinnedFile,
  { path, key }: LocalSignature,
  request: SourceRequest,
  { signal, workDir }: RunContext,
): Promise<void> {
  const named =
    path === undefined || request.override !== undefined ? undefined : resolve(request.baseDir, path);
  const signature = named ?? (await signatureBeside(pinned.file));
  const subject = subjectOf(request, path ?? pinned.subject.name);
  if (signature === undefined || !(await exists(signature))) {
    throw refusal(subject, 'there is no signature', `put it beside the file, as ${pinned.file}.asc`);
  }
  const keyring = await readKeyring(resolve(request.baseDir, key), { ...subject, name: key });
  const signed = { file: pinned.file, signature, keyring, workDir };
  const problem = await signatureProblem(signed, signal);
  if (problem !== undefined) throw badSignature(subject, key, problem);
}

/** Checks the detached signature of a file from the web: the one beside a file of `--use`, else the one from the cache or the web. */
export async function checkWebSignature(
  pinned: PinnedFile,
  source: { readonly urls: readonly string[]; readonly sha256: string },
  { url, key }: WebSignature,
  request: SourceRequest,
  context: RunContext,
): Promise<void> {
  const beside = request.override === undefined ? undefined : await signatureBeside(request.override);
  if (beside !== undefined) return checkLocalSignature(pinned, { key }, request, context);
  const [first = '', ...others] = url === undefined ? source.urls.map((address) => `${address}.asc`) : [url];
  const subject = subjectOf(request, first);
  const keyring = await readKeyring(resolve(request.baseDir, key), { ...subject, name: key });
  const problemOf = (signature: string) => {
    const signed: SignedFile = { file: pinned.file, signature, keyring, workDir: context.workDir };
    return signatureProblem(signed, context.signal);
  };
  const wanted = {
    urls: [first, ...others] as const,
    expected: 'a signature',
    place: subject.place,
    item: `${request.id}: signature`,
    instead: `put it beside the file of --use ${request.id}=PATH, as PATH.asc`,
  };
  const entry = {
    path: join(context.cacheDir, cacheFolders.signatures, source.sha256),
    kind: 'file' as const,
    isWhole: async (signature: string) => (await problemOf(signature)) === undefined,
    fill: async (temporary: string) => {
      await fetchSignature(wanted, temporary, context);
      const problem = await problemOf(temporary);
      if (problem !== undefined) throw badSignature(subject, key, problem);
    },
    onDamage: () => {},
  };
  await inCache(context.cacheDir, async () => {
    if ((await findCached(entry)) !== undefined) return;
    requireReachable(wanted, context);
    await cached(entry);
  });
}

async function fetchSignature(
  wanted: Parameters<typeof fetchFromAny>[0],
  file: string,
  context: RunContext,
): Promise<void> {
  const small = { ...context, fetch: { ...context.fetch, unknownSize: mostSignatureBytes } };
  try {
    await fetchFromAny(wanted, { partial: partialFile(file), pin: undefined }, small);
  } finally {
    await rm(originFile(file), { force: true });
  }
}

async function signatureBeside(file: string): Promise<string | undefined> {
  for (const name of [`${file}.asc`, `${file}.sig`]) if (await exists(name)) return name;
  return undefined;
}

function subjectOf({ place }: SourceRequest, name: string): Subject {
  return { place: `${place}.signature`, name };
}

function badSignature(subject: Subject, key: string, problem: string) {
  return refusal(
    subject,
    `has no good signature by ${key}: ${problem}`,
    'get the file and its signature again; change the key only when its owner has confirmed the change',
  );
}
