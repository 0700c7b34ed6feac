import { PipelineError } from './errors.ts';
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

const generalHint = 'get it again from where it was made, or have it made without this';

/** Returns a name from untrusted bytes in double quotes, at most 300 characters, with nothing in it that moves a terminal's cursor. */
export function quoted(name: string): string {
  const shown = name.length > 300 ? `${name.slice(0, 300)}…` : name;
  return JSON.stringify(shown).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
