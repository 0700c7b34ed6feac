import { defineRule } from '../define.ts';

export const infLfLineEnds = defineRule({
  id: 'inf/lf-line-ends',
  severity: 'info',
  scope: 'package',
  explain: `All lines of the INF end in LF instead of CRLF.
Windows reads both; but if version control converted the line endings after the catalog was made, the catalog does not contain the file's digest.
No action is needed if the catalog contains the digest; otherwise restore the line endings.`,
  check: ({ inf, parsed: { lineEnds } }) =>
    lineEnds.lf > 0 && lineEnds.crlf === 0 && lineEnds.cr === 0
      ? [
          {
            path: inf,
            message: 'its lines end in LF, not CRLF',
            hint: 'stop version control from converting line endings, with "* -text" in .gitattributes',
          },
        ]
      : [],
});
