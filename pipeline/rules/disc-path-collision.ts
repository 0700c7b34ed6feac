import { defineRule } from '../define.ts';
import { plannedPaths } from '../iso/layout.ts';

interface Taken {
  readonly spelling: string;
  readonly isFile: boolean;
}

export const pathCollision = defineRule({
  id: 'disc/path-collision',
  severity: 'error',
  explain: `Two files or folders of the disc have the same path when case is ignored.
Windows ignores case: it shows one of the two and hides the other.
Rename one, leave one out under "ignored", or say under "prefer" which source wins.`,
  check: ({ manifest, tree }) => {
    const taken = new Map<string, Taken>();
    return plannedPaths(manifest, tree).flatMap((path) => {
      const other = take(taken, path);
      if (other === undefined) return [];
      return [
        {
          path,
          message:
            other === path ? 'is meant for two different files' : `is the same path as ${other} on Windows`,
          hint: 'rename one of the two, or leave one out under "ignored" in the release',
        },
      ];
    });
  },
});

/** Takes a file's path and its folders; returns what already has one of them under another spelling or as another kind. */
function take(taken: Map<string, Taken>, path: string): string | undefined {
  const segments = path.split('/');
  for (const index of segments.keys()) {
    const spelling = segments.slice(0, index + 1).join('/');
    const isFile = index === segments.length - 1;
    const other = taken.get(spelling.toLowerCase());
    if (other === undefined) taken.set(spelling.toLowerCase(), { spelling, isFile });
    else if (isFile || other.isFile || other.spelling !== spelling) return other.spelling;
  }
  return undefined;
}
