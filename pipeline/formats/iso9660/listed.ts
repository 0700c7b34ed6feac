import { quoted, refusal, type Subject } from '../../core/refusal.ts';
import type { IsoEntry } from './extents.ts';
import type { IsoView } from './names.ts';
import { sectorBytes } from './volume.ts';

/** Throws unless what xorriso listed are files of the tree whose names were compared with those of the others, with the same bytes. */
export function requireListed(files: readonly IsoEntry[], root: IsoView, subject: Subject): void {
  const places = new Map<string, string>();
  const open = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.entries === undefined) places.set(next.path, startsOf(next));
    else open.push(...next.entries);
  }
  for (const { path, size, extents } of files) {
    const starts = extents.filter(({ length }) => length > 0).map(({ offset }) => offset / sectorBytes);
    if (places.get(path) === `${size}: ${size === 0 ? '' : starts.join()}`) continue;
    throw refusal(
      subject,
      `entry ${quoted(path)}: xorriso lists it otherwise than its folders have it`,
      'get the file again; if it stays so, please report this',
    );
  }
}

function startsOf({ runs }: IsoView): string {
  const filled = runs.filter(({ bytes }) => bytes > 0);
  const bytes = filled.reduce((sum, run) => sum + run.bytes, 0);
  return `${bytes}: ${filled.map(({ sector }) => sector).join()}`;
}
