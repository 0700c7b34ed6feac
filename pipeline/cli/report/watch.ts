import { printable } from '../../core/text.ts';
import type { Watched } from '../../ledger/watch.ts';

/** Returns what a person is told of upstream's releases: what is new and what to type. */
export function watchText({ source, newest, unrecorded, unbuilt }: Watched): string {
  const lines = [
    `${printable(source)}: newest release ${newest.listed}`,
    ...unrecorded.map((release) => `${release} is not in the ledger: pvdisc ledger add URL`),
    ...unbuilt.map((release) => `${release} is not built yet: pvdisc build RELEASE.yaml`),
  ];
  if (lines.length === 1) lines.push('nothing new');
  return `${lines.join('\n')}\n`;
}
