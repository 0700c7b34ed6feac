import { defineRule } from '../define.ts';

export const peUnreadableVersion = defineRule({
  id: 'pe/unreadable-version',
  severity: 'warning',
  scope: 'tree',
  explain: `The version resource of a binary (VS_VERSIONINFO) is damaged, or its resource directory is.
Windows loads the file and checks its signature as usual, but Explorer and update tools show no version, and pe/version-mismatch cannot compare it with the INF.
Build the binary again with a valid version resource, before its catalog is made.`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { versionProblem }]) =>
      versionProblem === undefined
        ? []
        : [
            {
              path,
              message: `its version resource cannot be read: ${versionProblem}`,
              hint: 'build the binary again with a valid version resource',
            },
          ],
    ),
});
