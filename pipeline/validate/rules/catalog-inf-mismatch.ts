import { nameOf } from '../../core/paths.ts';
import { isMisread } from '../../formats/inf/text.ts';
import { defineRule } from '../define.ts';

export const catalogInfMismatch = defineRule({
  id: 'catalog/inf-mismatch',
  severity: 'error',
  scope: 'package',
  explain: `The catalog does not hold the digest of the INF: one of the two was changed after the catalog was made, often by a tool that changed the line ends.
Windows says "The hash for the file is not present in the specified catalog file" (0xE000024B) and takes the package for unsigned.
If only the line ends differ, "repair: [line-endings]" in the release restores them; otherwise take INF and catalog from one build, or make the catalog anew.`,
  check: ({ inf, parsed, catalog, verdict }) =>
    catalog !== undefined && verdict.uncovered.includes(inf) && !isMisread(parsed)
      ? [
          {
            path: inf,
            message: `is not what ${nameOf(catalog.path)} holds: its digest is not in the catalog`,
            hint:
              parsed.lineEnds.lf === 0
                ? 'take INF and catalog from one build, or make the catalog anew'
                : 'it has LF line ends, and Windows builds write CRLF: try "repair: [line-endings]" in the release',
          },
        ]
      : [],
});
