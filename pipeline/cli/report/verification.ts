import { plural, printable } from '../../core/text.ts';
import type { Check, Verification, Verifications } from '../../verify/verification-schema.ts';
import { jsonText } from './json-text.ts';

export type VerificationFormat = 'text' | 'json';

export function verificationText({ input, kind, good, checks }: Verification): string {
  const count = (wanted: Check['verdict']) => checks.filter(({ verdict }) => verdict === wanted).length;
  const verdict = good
    ? `no problems found: ${count('good')} good, ${count('not-judged')} not checked`
    : `BAD: ${count('bad')} of ${plural(checks.length, 'check')} failed`;
  return `${[`${printable(input)} (${kinds[kind]}):`, ...checks.flatMap(checkLines), `${printable(input)}: ${verdict}`].join('\n')}\n`;
}

export function verificationJson(result: Verification | Verifications): string {
  return jsonText(result);
}

const verdictNames: Readonly<Record<Check['verdict'], string>> = {
  good: 'good',
  bad: 'BAD',
  'not-judged': 'not checked',
};

const kinds: Readonly<Record<Verification['kind'], string>> = {
  release: 'a release',
  iso: 'an ISO alone',
  deb: 'a package alone',
  oci: 'an image layout alone',
  rpm: 'a package alone',
  host: 'discs installed on a host',
};

function checkLines({ verdict, place, message, hint }: Check): string[] {
  const line = `  ${verdictNames[verdict].padEnd(11)}  ${printable(`${place}: ${message}`)}`;
  return hint === undefined ? [line] : [line, `               hint: ${printable(hint)}`];
}
