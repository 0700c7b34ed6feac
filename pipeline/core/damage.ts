import type { Readable } from 'node:stream';
import { isSystemError, PipelineError } from './errors.ts';
import { refusal, type Subject } from './refusal.ts';

/**
 * Returns the error to throw for one that a library or tool raised while it read untrusted bytes: errors of ours and
 * of the file system stay, all else means that the archive is truncated or damaged.
 */
export function asDamage(error: unknown, subject: Subject): unknown {
  if (error instanceof PipelineError || isSystemError(error)) return error;
  const words = error instanceof Error ? error.message : String(error);
  return damage(subject, words, error);
}

/** Returns the error for an archive that breaks off or contradicts itself. */
export function damage(subject: Subject, words: string, cause?: unknown): PipelineError {
  const { problems } = refusal(subject, `the file is truncated or damaged: ${words}`, 'get the file again');
  return new PipelineError('input', problems, { cause });
}

/** Keeps a stream's error for whoever iterates over it: one that fails before anybody does would else end the process. */
export function keepError<Stream extends Readable>(stream: Stream): Stream {
  return stream.on('error', () => {});
}
