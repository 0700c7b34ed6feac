import type { Check, Verification } from '../verify/verification-schema.ts';
import { printable } from './columns.ts';
import { jsonText } from './json-text.ts';

/** Formats of what `pvdisc verify` prints. */
export type VerificationFormat = 'text' | 'json';

/** Returns the result of a verification in each format. */
export const verificationReports: Readonly<Record<VerificationFormat, (result: Verification) => string>> = {
  text: verificationText,
  json: (result) => jsonText(result),
};

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

function verificationText({ input, kind, good, checks }: Verification): string {
  const count = (wanted: Check['verdict']) => checks.filter(({ verdict }) => verdict === wanted).length;
  const verdict = good
    ? `nothing bad found, ${count('good')} good, ${count('not-judged')} not judged`
    : `BAD: ${count('bad')} of ${checks.length} checks found something wrong`;
  return `${[`${printable(input)} (${kinds[kind]}):`, ...checks.flatMap(checkLines), `${printable(input)}: ${verdict}`].join('\n')}\n`;
}

function checkLines({ verdict, place, message, hint }: Check): string[] {
  const line = `  ${words[verdict].padEnd(10)}  ${printable(`${place}: ${message}`)}`;
  return hint === undefined ? [line] : [line, `              hint: ${printable(hint)}`];
}
