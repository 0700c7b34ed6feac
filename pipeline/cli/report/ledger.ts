import prettyBytes from 'pretty-bytes';
import { plural, printable } from '../../core/text.ts';
import type { LedgerVerdict } from '../../ledger/check-schema.ts';
import type { Recorded } from '../../ledger/recorded-schema.ts';
import { onDisk } from '../../ledger/source-of.ts';
import type { LedgerEntry } from '../../manifest/ledger-schema.ts';

export type LedgerFormat = 'text' | 'json';

export function ledgerTable(releases: readonly LedgerEntry[]): string {
  const lines = releases.map(({ release, size, confidence, sha256 }) => {
    const shown = size === undefined ? 'unknown' : prettyBytes(size);
    return `${release.padEnd(11)} ${shown.padStart(8)}  ${confidence.padEnd(9)}  ${sha256}`;
  });
  return `${lines.join('\n')}\n`;
}

export function ledgerDetails(entries: readonly LedgerEntry[]): string {
  return entries.map(entryText).join('\n');
}

function entryText({
  release,
  url,
  mirrors = [],
  sha256,
  size,
  md5,
  confidence,
  seen,
  note,
}: LedgerEntry): string {
  const rows: [string, string | undefined][] = [
    ['release', release],
    ['url', url ?? 'unknown'],
    ...mirrors.map((mirror): [string, string] => ['mirror', mirror]),
    ['sha256', sha256],
    ['size', size === undefined ? 'unknown' : plural(size, 'byte')],
    ['md5', md5],
    ['confidence', confidence],
    ...seen.map((place): [string, string] => ['seen', place]),
    ['note', note],
  ];
  const known = rows.filter(([, value]) => value !== undefined);
  return known.map(([key, value]) => `${key.padEnd(10)}  ${printable(value ?? '')}\n`).join('');
}

const verdicts: Readonly<Record<LedgerVerdict['verdict'], (release: string | undefined) => string>> = {
  known: (release) => `this is ${release}`,
  mislabelled: (release) => `mislabelled: this is ${release} under a different name`,
  altered: (release) => `altered: this claims to be ${release} but differs`,
  'web-page': () => 'not a disc',
  unknown: () => 'not in the ledger',
};

export function verdictText({ file, verdict, release, reasons, sha256, size }: LedgerVerdict): string {
  const facts = [`${file}: ${verdicts[verdict](release)}`, ...reasons.map((reason) => `  ${reason}`)];
  const lines = facts.map(printable);
  return `${[...lines, `  sha256 ${sha256}, ${plural(size, 'byte')}`].join('\n')}\n`;
}

export function recordedText({ change, source, entry }: Recorded, ledger: string): string {
  const { release, sha256, size, confidence } = entry;
  const why =
    source === onDisk ? 'a local file confirms nothing' : `${source} is already recorded as a source`;
  const again = `; ${why}: add a URL on another server to confirm it`;
  const changes = {
    added: `${release}: added to ${ledger} with one source, ${source}; add a URL on another server to confirm it`,
    confirmed: `${release}: confirmed in ${ledger} by a second source, ${source}`,
    known: `${release}: already in ${ledger} with the same digest (${confidence})${confidence === 'single' ? again : ''}`,
  };
  return `${printable(changes[change])}\n  sha256 ${sha256}, ${size === undefined ? 'unknown size' : plural(size, 'byte')}\n`;
}
