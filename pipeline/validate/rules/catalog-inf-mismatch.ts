import { nameOf } from '../../core/paths.ts';
import { isMisread } from '../../formats/inf/text.ts';
import { defineRule } from '../define.ts';

export const catalogInfMismatch = defineRule({
  id: 'catalog/inf-mismatch',
  severity: 'error',
  scope: 'package',
  explain: `The catalog does not contain the digest of the INF: one of them was changed after the catalog was made, often by a tool that converted line endings.
Windows reports "The hash for the file is not present in the specified catalog file" (0xE000024B) and treats the package as unsigned.
If only the line endings differ, "repair: [line-endings]" in the release restores them; otherwise take the INF and the catalog from one build, or regenerate the catalog.`,
  check: ({ inf, parsed, catalog, verdict }) =>
    catalog !== undefined && verdict.uncovered.includes(inf) && !isMisread(parsed)
      ? [
          {
            path: inf,
            message: `its digest is not in ${nameOf(catalog.path)}`,
            hint:
              parsed.lineEnds.lf === 0
                ? 'take the INF and the catalog from one build, or regenerate the catalog'
                : 'it has LF line endings, but Windows builds write CRLF: try "repair: [line-endings]" in the release',
          },
        ]
      : [],
});
