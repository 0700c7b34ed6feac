import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { quoted, refusal, type Subject } from '../core/refusal.ts';
import { webPageTitle } from '../formats/magic.ts';
import { exists, hashFile, readHead } from '../system/files.ts';
import { nearbyHint } from '../system/path-kind.ts';
import { unchangedSince } from '../system/source-file.ts';
import type { SourceRequest } from './define.ts';

/** A file in the manifest: its path from the release's folder, and its expected digest and size. */
interface FilePin {
  readonly path: string;
  readonly sha256?: string | undefined;
  /** Bytes. */
  readonly size?: number | undefined;
}

/** A file on disk that matches its digest, where the manifest has one. */
export interface PinnedFile {
  readonly file: string;
  readonly subject: Subject;
  /** Bytes. */
  readonly size: number;
  /** Throws when a file of the user was written to or replaced since its digest was checked; the cache is pvdisc's own. */
  readonly requireUnchanged?: () => Promise<void>;
}

/** Finds the file that the manifest or `--use` names and checks its size and digest. */
export async function findPinnedFile(
  pin: FilePin,
  request: SourceRequest,
  context: RunContext,
): Promise<PinnedFile> {
  const file = request.override ?? resolve(request.baseDir, pin.path);
  const subject = { place: request.place, name: request.override ?? pin.path };
  await requireFile(file, subject, request);
  const requireUnchanged = await unchangedSince(file);
  const { size } = await stat(file);
  const pinned = { file, subject, size, requireUnchanged };
  if (pin.sha256 === undefined) return pinned;
  context.reporter.progress({ item: request.id });
  const { sha256 } = pin;
  const problem = await verifyPin(file, { sha256, size: pin.size }, expectedKind(pin.path), context.signal);
  if (problem !== undefined) throw refusal(subject, problem, mismatchHint);
  return pinned;
}

export const mismatchHint =
  'get the file again; change the digest in the manifest only when you know why the file has changed';

async function requireFile(file: string, subject: Subject, request: SourceRequest): Promise<void> {
  const found = (await exists(file)) ? await stat(file) : undefined;
  if (found?.isFile()) return;
  const message = found?.isDirectory()
    ? 'is a folder, expected a file: a folder cannot stand in for one file, since its digest cannot be checked'
    : found
      ? 'is neither a file nor a folder'
      : 'no such file';
  const near = found === undefined ? await nearbyHint(file) : '';
  if (request.override === undefined)
    throw refusal(subject, message, `${near}paths start from the folder of the release file`);
  throw new PipelineError('usage', {
    place: `--use ${request.id}=${request.override}`,
    message,
    hint: `${near}give the file that ${request.place} names`,
  });
}

/**
 * Checks a file on disk against its size in bytes, if known, and its sha256; returns what is wrong, undefined when
 * nothing is. Reports a web page in place of the file as such; `expected` is the expected kind of file, such as `an ISO`.
 */
export async function verifyPin(
  file: string,
  pin: { readonly sha256: string; readonly size?: number | undefined },
  expected: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { size } = await stat(file);
  const fact = `has ${size} bytes, expected ${pin.size}`;
  const isOtherSize = pin.size !== undefined && pin.size !== size;
  const page = webPageProblem(await readHead(file), expected);
  if (page !== undefined) return isOtherSize ? `${page}; it ${fact}` : page;
  if (isOtherSize) return fact;
  const { sha256 } = await hashFile(file, signal);
  return sha256 === pin.sha256 ? undefined : `has sha256 ${sha256}, expected ${pin.sha256}`;
}

/** Returns what is wrong when a file begins as a web page, such as a bot check or a login; undefined when it does not. */
export function webPageProblem(head: Buffer, expected: string): string | undefined {
  const title = webPageTitle(head);
  if (title === undefined) return undefined;
  return `this is a web page, not ${expected}${title === '' ? '' : `: ${quoted(title)}`}`;
}

/** Returns the kind of file that a name or address promises by its extension. */
export function expectedKind(name: string): string {
  const path = name.split(/[?#]/)[0] ?? '';
  if (/\.iso$/i.test(path)) return 'an ISO';
  return /\.(?:zip|tar|tgz|txz|tar\.\w+)$/i.test(path) ? 'an archive' : 'an archive or ISO';
}
