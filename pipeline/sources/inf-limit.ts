import pMap from 'p-map';
import { type Limits, overLimit } from '../core/limits.ts';
import type { Subject } from '../core/refusal.ts';
import { maxInfBytes } from '../formats/inf/text.ts';
import { storedSize } from '../system/stored-bytes.ts';
import { type SourceTree, storedBytes } from './define.ts';

/** Returns a source's tree; throws when its INFs together exceed the limit, since the contents of all are in memory at once. */
export async function withinInfLimit(
  tree: SourceTree,
  subject: Subject,
  { infSize }: Pick<Limits, 'infSize'>,
  signal: AbortSignal,
): Promise<SourceTree> {
  const infs = tree.files.filter(({ path, file }) => file !== undefined && /\.inf$/i.test(path));
  const sizes = await pMap(infs, (inf) => storedSize(storedBytes(inf)), { concurrency: 16, signal });
  const sum = sizes.filter((size) => size <= maxInfBytes).reduce((total, size) => total + size, 0);
  if (sum <= infSize) return tree;
  throw overLimit(subject, 'infSize', `its INFs have ${sum} bytes in total, more than ${infSize}`);
}
