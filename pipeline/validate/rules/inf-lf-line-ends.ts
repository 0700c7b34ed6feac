import { defineRule } from '../define.ts';

export const infLfLineEnds = defineRule({
  id: 'inf/lf-line-ends',
  severity: 'info',
  scope: 'package',
  explain: `All lines of the INF end in LF alone, as on Unix, and not in CRLF.
Windows reads it all the same; but when a version control system changed the line ends after the catalog was made, the catalog does not hold the file.
Nothing has to be done when the catalog holds it; else restore the line ends.`,
  check: ({ inf, parsed: { lineEnds } }) =>
    lineEnds.lf > 0 && lineEnds.crlf === 0 && lineEnds.cr === 0
      ? [
          {
            path: inf,
            message: 'its lines end in LF alone',
            hint: 'see that version control does not change line ends, by "* -text" in .gitattributes',
          },
        ]
      : [],
});
