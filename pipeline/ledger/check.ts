import { versionOf } from '../manifest/ledger.ts';
import type { Ledger, LedgerEntry } from '../manifest/ledger-schema.ts';
import type { FileTraits, LedgerVerdict } from './check-schema.ts';
import { truncation } from './examine.ts';

type Judgement = Pick<LedgerVerdict, 'verdict' | 'release' | 'confidence' | 'reasons'>;

/** Compares a file with the ledger, first by its digest, then by its name, label and size. */
export function checkAgainstLedger(ledger: Ledger, file: FileTraits): LedgerVerdict {
  return { schemaVersion: 1, ...file, ...judge(ledger, file) };
}

function judge(ledger: Ledger, file: FileTraits): Judgement {
  if (file.title !== undefined) {
    const title = file.title === '' ? 'without a title' : `with the title ${JSON.stringify(file.title)}`;
    return { verdict: 'web-page', reasons: [`it is a web page ${title}, not a disc`] };
  }
  const entry = ledger.releases.find(({ sha256 }) => sha256 === file.sha256);
  if (entry !== undefined) return knownFile(ledger, entry, file);
  const alike = ledger.releases.flatMap((candidate) => {
    const reasons = resemblance(candidate, file);
    return reasons.length === 0 ? [] : [{ candidate, reasons }];
  });
  const cutOff = [truncation(file) ?? []].flat();
  const [best] = alike.sort((a, b) => b.reasons.length - a.reasons.length);
  if (best === undefined) return { verdict: 'unknown', reasons: [unknownReason(file), ...cutOff] };
  const { candidate, reasons } = best;
  const other = `its sha256 is not ${candidate.sha256}`;
  return {
    verdict: 'altered',
    release: candidate.release,
    reasons: [...reasons, other, ...otherSize(candidate, file), ...cutOff],
  };
}

function knownFile({ mislabelled }: Ledger, entry: LedgerEntry, file: FileTraits): Judgement {
  const { release, confidence, seen } = entry;
  const confirmation =
    confidence === 'confirmed'
      ? `its sha256 is confirmed by ${seen.join(', ')}`
      : `its sha256 is known from a single source: ${seen.join(', ')}`;
  const confusions = mislabelled
    .filter(({ sha256 }) => sha256 === entry.sha256)
    .map((known) => `it is also distributed as ${known.calledRelease}: ${known.seen.join(', ')}`);
  const isOther = file.namedVersion !== undefined && !isNamed(file, release);
  const name = isOther ? [`its name says ${file.namedRelease ?? file.namedVersion}`] : [];
  return {
    verdict: isOther ? 'mislabelled' : 'known',
    release,
    confidence,
    reasons: [...name, confirmation, ...confusions],
  };
}

function resemblance({ release, size }: LedgerEntry, file: FileTraits): string[] {
  const version = versionOf(release);
  const isNamedOther = file.namedVersion === version && !isNamed(file, release);
  return [
    ...(size === file.size ? [`it has the size of ${release}, ${size} bytes`] : []),
    ...(file.labelVersion === version && !isNamedOther ? [`its volume label is ${file.label}`] : []),
    ...(isNamed(file, release) ? [`its name says ${file.namedRelease ?? version}`] : []),
  ];
}

/** Compares builds only if both the name and the ledger have one. */
function isNamed({ namedVersion, namedRelease }: FileTraits, release: string): boolean {
  const version = versionOf(release);
  return (
    namedVersion === version &&
    (namedRelease === undefined || release === version || namedRelease === release)
  );
}

function otherSize({ size }: LedgerEntry, file: FileTraits): string[] {
  if (size === undefined || size === file.size) return [];
  const isUnsure = file.size < size && truncation(file) === undefined;
  return [`it has ${file.size} bytes, expected ${size}${isUnsure ? ': it may be truncated' : ''}`];
}

function unknownReason({ label }: FileTraits): string {
  return label === undefined
    ? 'it is not an ISO (no CD001 at byte 32769), and no release has its digest'
    : `no release has its digest, its size or its volume label (${JSON.stringify(label)})`;
}
