import type { Readable } from 'node:stream';
import { isSystemError, PipelineError } from './errors.ts';
import { printable } from './text.ts';

/** What is being read, as errors name it: the place in the manifest, and the file, folder or address itself. */
export interface Subject {
  readonly place: string;
  readonly name: string;
}

/** Returns the error for a source that cannot be used: where, which file, why, and what to do next. */
export function refusal(subject: Subject, message: string, hint = generalHint): PipelineError {
  const words = `${printable(subject.name)}: ${message}`;
  return new PipelineError('input', { place: subject.place, message: words, hint });
}

const generalHint = 'download it again, or ask its maker to remove this';

/** Returns a name from untrusted bytes in double quotes, at most 300 characters, with nothing in it that moves a terminal's cursor. */
export function quoted(name: string): string {
  const shown = name.length > 300 ? `${name.slice(0, 300)}…` : name;
  return JSON.stringify(shown).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

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
