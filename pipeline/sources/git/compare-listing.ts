import { byCodeUnit } from '../../core/order.ts';
import { quoted, refusal, type Subject } from '../../core/refusal.ts';
import { listingHint, type TreeEntry } from './tree-listing.ts';

/** Throws when a kept listing is not that of the commit: a plain folder that it lets pass would be another release. */
export function requireSameListing(
  kept: readonly TreeEntry[],
  commit: readonly TreeEntry[],
  subject: Subject,
): void {
  const keptLines = new Set(kept.map(lineOf));
  const commitLines = new Set(commit.map(lineOf));
  const extra = [...keptLines].filter((line) => !commitLines.has(line));
  const lacking = [...commitLines].filter((line) => !keptLines.has(line));
  const first = [...extra, ...lacking].sort(byCodeUnit)[0];
  if (first === undefined) return;
  const counts = `${extra.length} lines that the commit does not have, and lacks ${lacking.length}`;
  throw refusal(
    subject,
    `is not the listing of the commit: has ${counts}, such as ${quoted(first)}`,
    listingHint,
  );
}

function lineOf({ mode, type, id, path }: TreeEntry): string {
  return `${path} ${mode} ${type} ${id}`;
}
