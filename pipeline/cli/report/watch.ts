import { printable } from '../../core/text.ts';
import type { WatchResult } from '../../ledger/watch.ts';

export function watchText({ source, newest, unrecorded, unbuilt }: WatchResult): string {
  const lines = [
    `${printable(source)}: newest release ${newest.listed}`,
    ...unrecorded.map((release) => `${release} is not in the ledger: pvdisc ledger add URL`),
    ...unbuilt.map((release) => `${release} is not built yet: pvdisc build RELEASE.yaml`),
  ];
  if (lines.length === 1) lines.push('nothing new');
  return `${lines.join('\n')}\n`;
}
