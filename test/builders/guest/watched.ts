import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { sha256 } from '../disc-contents.ts';
import type { Tree } from '../tree.ts';

/** What watch.sh reports of a disc: all that a guest could read is as in the tree, and nothing can be written. */
export function discLine(device: string, tree: Tree): string {
  const lines = Object.entries(tree)
    .map(([path, content]) => `${sha256(Buffer.from(content))}  ./${path}\n`)
    .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1));
  const digest = createHash('sha256').update(lines.join('')).digest('hex');
  return `DISC ${device} ${digest} 1 refused refused`;
}

/** Waits until the last line that a guest reports of a device, or its last line at all, is the given one; it has 40 seconds. */
export async function untilReported(report: string, line: string): Promise<void> {
  const device = / (sr\d+)/.exec(line)?.[1] ?? '';
  for (let tries = 0; tries < 1500; tries++) {
    const lines = await reported(report);
    if (lines.filter((reportedLine) => reportedLine.includes(device)).at(-1) === line) return;
    await setTimeout(100);
  }
  throw new Error(`the guest does not report ${line}, but:\n${(await reported(report)).join('\n')}`);
}

/** Returns all whole lines that a guest has reported. */
export async function reported(report: string): Promise<string[]> {
  return (await readFile(report, 'utf8')).split('\n').slice(0, -1);
}
