import { infEntries, infSection } from '../../formats/inf/inf.ts';
import { defineRule } from '../define.ts';

export const infBadDestination = defineRule({
  id: 'inf/bad-destination',
  severity: 'error',
  scope: 'package',
  explain: `A line of [DestinationDirs] has no directory number: a path, a word, or a number in percent signs.
Windows expects a number there ("Using Dirids" gives %11% as an error) and cannot find the folder for the files.
Write the number alone, such as 12, and a folder below it after a comma.`,
  check: ({ inf, parsed }) =>
    infEntries(parsed, 'DestinationDirs')
      .filter(
        ({ key }) => key?.toLowerCase() === 'defaultdestdir' || infSection(parsed, key ?? '') !== undefined,
      )
      .filter(({ values: [dirid = ''] }) => !/^(-?\d{1,5}|0x[0-9a-f]+)$/i.test(dirid))
      .map(({ key, values: [dirid = ''], line }) => ({
        path: inf,
        line,
        message: `the destination of ${key} is "${dirid}", not a directory number`,
        hint: 'write the number alone, such as 12, and a folder after a comma',
      })),
});
