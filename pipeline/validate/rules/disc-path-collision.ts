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
  explain: `Two files or folders of the disc have paths that differ only in case.
Windows ignores case: it shows one of them and hides the other.
Rename one, exclude one with "ignored", or choose a source with "prefer".`,
  check: ({ manifest, tree }) => {
    const taken = new Map<string, Taken>();
    const violations = plannedPaths(manifest, tree).flatMap((path) => take(taken, path) ?? []);
    return [...new Map(violations.map((violation) => [violation.path, violation])).values()];
  },
});

/** Registers a file's path and its folders; returns the violation of the first one that is already taken. */
function take(taken: Map<string, Taken>, path: string): Violation | undefined {
  const segments = path.split('/');
  for (const index of segments.keys()) {
    const spelling = segments.slice(0, index + 1).join('/');
    const isFile = index === segments.length - 1;
    const other = taken.get(spelling.toLowerCase());
    const message = other && clash(other, { spelling, isFile });
    const hint = 'rename one of the two, or exclude one with "ignored" in the release';
    if (message !== undefined) return { path: spelling, message, hint };
    taken.set(spelling.toLowerCase(), { spelling, isFile });
  }
  return undefined;
}

function clash(other: Taken, { spelling, isFile }: Taken): string | undefined {
  if (other.spelling !== spelling) return `is the same path as ${other.spelling} on Windows`;
  if (isFile !== other.isFile) return 'is both a file and a folder';
  return isFile ? 'is the path of two files' : undefined;
}
