import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { refusal, type Subject } from '../core/refusal.ts';
import { exists } from '../system/files.ts';
import type { SourceRequest } from './define.ts';
import { expectedKind, verifyPin } from './verify-pin.ts';

/** What the manifest says of a file: its path from the release's folder, and what pins its bytes. */
export interface FilePin {
  readonly path: string;
  readonly sha256?: string | undefined;
  /** Bytes. */
  readonly size?: number | undefined;
}

/** A file on disk whose digest, where the manifest has one, is right. */
export interface PinnedFile {
  readonly file: string;
  readonly subject: Subject;
  /** Bytes. */
  readonly size: number;
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
  const { size } = await stat(file);
  if (pin.sha256 === undefined) return { file, subject, size };
  context.reporter.progress({ item: request.id });
  const { sha256 } = pin;
  const problem = await verifyPin(file, { sha256, size: pin.size }, expectedKind(pin.path), context.signal);
  if (problem !== undefined) throw refusal(subject, problem, mismatchHint);
  return { file, subject, size };
}

export const mismatchHint =
  'get the file again; change the digest in the manifest only when you know why it is another file';

async function requireFile(file: string, subject: Subject, request: SourceRequest): Promise<void> {
  const found = (await exists(file)) ? await stat(file) : undefined;
  if (found?.isFile()) return;
  const message = found?.isDirectory()
    ? 'is a folder, expected a file: a folder cannot stand in for one file, since its digest cannot be checked'
    : found
      ? 'is neither a file nor a folder'
      : 'no such file';
  if (request.override === undefined)
    throw refusal(subject, message, 'paths start from the folder of the release file');
  throw new PipelineError('usage', {
    place: `--use ${request.id}=${request.override}`,
    message,
    hint: `give the file that ${request.place} names`,
  });
}
