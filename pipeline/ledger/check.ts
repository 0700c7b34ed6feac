import type { FileTraits } from './examine.ts';
import { versionOf } from './read.ts';
import type { Ledger, LedgerEntry } from './schema.ts';

/**
 * What the ledger knows of a file: `known` is a release under its own name, `mislabelled` one under the name of another,
 * `altered` one that passes for a release and has other bytes, `web-page` and `unknown` the rest.
 */
export interface LedgerVerdict extends FileTraits {
  readonly verdict: 'known' | 'mislabelled' | 'altered' | 'web-page' | 'unknown';
  readonly release?: string;
  readonly confidence?: LedgerEntry['confidence'];
  /** Facts behind the verdict, for people. */
  readonly reasons: readonly string[];
}

/** Compares a file with the ledger; the digest decides, and only then what the file calls itself. */
export function checkAgainstLedger(ledger: Ledger, file: FileTraits): LedgerVerdict {
  if (file.title !== undefined) {
    const title = file.title === '' ? 'without a title' : `with the title ${JSON.stringify(file.title)}`;
    return { ...file, verdict: 'web-page', reasons: [`it is a web page ${title}, not a disc`] };
  }
  const entry = ledger.releases.find(({ sha256 }) => sha256 === file.sha256);
  if (entry !== undefined) return knownFile(ledger, entry, file);
  const alike = ledger.releases.flatMap((candidate) => {
    const reasons = resemblance(candidate, file);
    return reasons.length === 0 ? [] : [{ candidate, reasons }];
  });
  const [best] = alike.sort((a, b) => b.reasons.length - a.reasons.length);
  if (best === undefined) return { ...file, verdict: 'unknown', reasons: [unknownWords(file)] };
  const { candidate, reasons } = best;
  const other = `its sha256 is not ${candidate.sha256}`;
  return {
    ...file,
    verdict: 'altered',
    release: candidate.release,
    reasons: [...reasons, other, ...cutOff(candidate, file)],
  };
}

function knownFile({ mislabelled }: Ledger, entry: LedgerEntry, file: FileTraits): LedgerVerdict {
  const { release, confidence, seen } = entry;
  const version = versionOf(release);
  const confirmation =
    confidence === 'confirmed'
      ? `its sha256 is confirmed by ${seen.join(', ')}`
      : `its sha256 is known from one source only: ${seen.join(', ')}`;
  const confusions = mislabelled
    .filter(({ sha256 }) => sha256 === entry.sha256)
    .map((known) => `it is known to pass for ${known.calledRelease}: ${known.seen.join(', ')}`);
  const isOther = file.namedVersion !== undefined && file.namedVersion !== version;
  const name = isOther ? [`its name says ${file.namedVersion}`] : [];
  return {
    ...file,
    verdict: isOther ? 'mislabelled' : 'known',
    release,
    confidence,
    reasons: [...name, confirmation, ...confusions],
  };
}

function resemblance({ release, size }: LedgerEntry, file: FileTraits): string[] {
  const version = versionOf(release);
  return [
    ...(size === file.size ? [`it has the size of ${release}, ${size} bytes`] : []),
    ...(file.labelVersion === version ? [`its volume label is ${file.label}`] : []),
    ...(file.namedVersion === version ? [`its name says ${version}`] : []),
  ];
}

function cutOff({ size }: LedgerEntry, file: FileTraits): string[] {
  if (size === undefined || size === file.size) return [];
  return [`it has ${file.size} bytes, expected ${size}${file.size < size ? ': it may be cut off' : ''}`];
}

function unknownWords({ label }: FileTraits): string {
  return label === undefined
    ? 'it is no ISO (CD001 is not at byte 32769), and no release has its digest'
    : `no release has its digest, its size or its volume label (${JSON.stringify(label)})`;
}
