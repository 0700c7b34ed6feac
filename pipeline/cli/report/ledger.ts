import prettyBytes from 'pretty-bytes';
import { printable } from '../../core/text.ts';
import type { LedgerVerdict } from '../../ledger/check-schema.ts';
import type { Recorded } from '../../ledger/recorded-schema.ts';
import { onDisk } from '../../ledger/source-of.ts';
import type { LedgerEntry } from '../../manifest/ledger-schema.ts';

/** Formats of everything that `pvdisc ledger` prints. */
export type LedgerFormat = 'text' | 'json';

/** Returns the ledger as a table: release, size, confidence, digest. */
export function ledgerTable(releases: readonly LedgerEntry[]): string {
  const lines = releases.map(({ release, size, confidence, sha256 }) => {
    const shown = size === undefined ? 'unknown' : prettyBytes(size);
    return `${release.padEnd(11)} ${shown.padStart(8)}  ${confidence.padEnd(9)}  ${sha256}`;
  });
  return `${lines.join('\n')}\n`;
}

/** Returns all that the ledger has of some releases. */
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
    ['url', url ?? 'not known'],
    ...mirrors.map((mirror): [string, string] => ['mirror', mirror]),
    ['sha256', sha256],
    ['size', size === undefined ? 'not known' : `${size} bytes`],
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
  mislabelled: (release) => `mislabelled: this is ${release} under another name`,
  altered: (release) => `altered: it passes for ${release} and is not`,
  'web-page': () => 'not a disc',
  unknown: () => 'not in the ledger',
};

/** Returns what the ledger knows of a file, for people. */
export function verdictText({ file, verdict, release, reasons, sha256, size }: LedgerVerdict): string {
  const words = [`${file}: ${verdicts[verdict](release)}`, ...reasons.map((reason) => `  ${reason}`)];
  const lines = words.map(printable);
  return `${[...lines, `  sha256 ${sha256}, ${size} bytes`].join('\n')}\n`;
}

/** Returns what adding a disc did to the ledger, for people. */
export function recordedText({ change, source, entry }: Recorded, ledger: string): string {
  const { release, sha256, size, confidence } = entry;
  const why =
    source === onDisk
      ? 'a file on disk confirms nothing'
      : `they came from ${source}, which is recorded already`;
  const again = `; ${why}: add an address on another host to confirm it`;
  const words = {
    added: `${release}: added to ${ledger} from one source, ${source}; add an address on another host to confirm it`,
    confirmed: `${release}: confirmed in ${ledger} by a second source, ${source}`,
    known: `${release}: is in ${ledger} with the same bytes (${confidence})${confidence === 'single' ? again : ''}`,
  };
  return `${printable(words[change])}\n  sha256 ${sha256}, ${size} bytes\n`;
}
