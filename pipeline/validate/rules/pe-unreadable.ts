import { defineRule } from '../define.ts';

export const peUnreadable = defineRule({
  id: 'pe/unreadable',
  severity: 'error',
  scope: 'tree',
  explain: `A file with the name of a Windows binary (.sys, .dll, .exe) is not a PE file, or is damaged.
Windows cannot load it.
Get the file again from the driver build, and compare the digests.`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { problem, kind }]) =>
      kind === 'pe' && problem !== undefined
        ? [
            {
              path,
              message: `is not a valid PE file: ${problem}`,
              hint: 'get the file again from the driver build',
            },
          ]
        : [],
    ),
});
