import { printable } from '../../core/text.ts';
import type { Check, Verification, Verifications } from '../../verify/verification-schema.ts';
import { jsonText } from './json-text.ts';

/** Formats of what `pvdisc verify` prints. */
export type VerificationFormat = 'text' | 'json';

/** Returns the result of a verification as text. */
export function verificationText({ input, kind, good, checks }: Verification): string {
  const count = (wanted: Check['verdict']) => checks.filter(({ verdict }) => verdict === wanted).length;
  const verdict = good
    ? `nothing bad found, ${count('good')} good, ${count('not-judged')} not judged`
    : `BAD: ${count('bad')} of ${checks.length} checks found something wrong`;
  return `${[`${printable(input)} (${kinds[kind]}):`, ...checks.flatMap(checkLines), `${printable(input)}: ${verdict}`].join('\n')}\n`;
}

/** Returns the result of a verification as JSON. */
export function verificationJson(result: Verification | Verifications): string {
  return jsonText(result);
}

const words: Readonly<Record<Check['verdict'], string>> = {
  good: 'good',
  bad: 'BAD',
  'not-judged': 'not judged',
};

const kinds: Readonly<Record<Verification['kind'], string>> = {
  release: 'a release',
  iso: 'an ISO alone',
  deb: 'a package alone',
  host: 'discs installed on a host',
};

function checkLines({ verdict, place, message, hint }: Check): string[] {
  const line = `  ${words[verdict].padEnd(10)}  ${printable(`${place}: ${message}`)}`;
  return hint === undefined ? [line] : [line, `              hint: ${printable(hint)}`];
}
