import { defineRule } from '../define.ts';

export const catalogUnreadable = defineRule({
  id: 'catalog/unreadable',
  severity: 'error',
  scope: 'tree',
  explain: `A catalog (.cat) is not a signed list of file hashes, or it is damaged.
Windows treats the driver package as unsigned, or refuses it.
Get the file again from the driver build, or regenerate the catalog.`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { problem, kind }]) =>
      kind === 'catalog' && problem !== undefined
        ? [
            {
              path,
              message: `is not a valid catalog: ${problem}`,
              hint: 'get the file again from the driver build',
            },
          ]
        : [],
    ),
});
