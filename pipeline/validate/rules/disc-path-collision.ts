import { plannedPaths } from '../../model/disc-layout.ts';
import { defineRule, type Violation } from '../define.ts';

interface Taken {
  readonly spelling: string;
  readonly isFile: boolean;
}

export const pathCollision = defineRule({
  id: 'disc/path-collision',
  severity: 'error',
  scope: 'release',
  explain: `Two files or folders of the disc have the same path when case is ignored.
Windows ignores case: it shows one of the two and hides the other.
Rename one, leave one out under "ignored", or say under "prefer" which source wins.`,
  check: ({ manifest, tree }) => {
    const taken = new Map<string, Taken>();
    const violations = plannedPaths(manifest, tree).flatMap((path) => take(taken, path) ?? []);
    return [...new Map(violations.map((violation) => [violation.path, violation])).values()];
  },
});

/** Takes a file's path and its folders; returns what is wrong with the first of them that something else has taken. */
function take(taken: Map<string, Taken>, path: string): Violation | undefined {
  const segments = path.split('/');
  for (const index of segments.keys()) {
    const spelling = segments.slice(0, index + 1).join('/');
    const isFile = index === segments.length - 1;
    const other = taken.get(spelling.toLowerCase());
    const message = other && clash(other, { spelling, isFile });
    const hint = 'rename one of the two, or leave one out under "ignored" in the release';
    if (message !== undefined) return { path: spelling, message, hint };
    taken.set(spelling.toLowerCase(), { spelling, isFile });
  }
  return undefined;
}

function clash(other: Taken, { spelling, isFile }: Taken): string | undefined {
  if (other.spelling !== spelling) return `is the same path as ${other.spelling} on Windows`;
  if (isFile !== other.isFile) return 'is meant for a file and for a folder';
  return isFile ? 'is meant for two files' : undefined;
}
