import { nameOf } from '../../core/paths.ts';
import { defineRule } from '../define.ts';

export const catalogPayloadMismatch = defineRule({
  id: 'catalog/payload-mismatch',
  severity: 'error',
  scope: 'package',
  explain: `The catalog does not contain the digest of a file that the INF installs: the file was changed or comes from another build.
Windows reports "The hash for the file is not present in the specified catalog file" (0xE000024B) and treats the package as unsigned.
Take the file and the catalog from one build, or regenerate the catalog.`,
  check: ({ inf, catalog, payload, verdict }) =>
    payload
      .filter(
        ({ path, facts: { digests, problem } }) =>
          digests !== undefined && problem === undefined && verdict.uncovered.includes(path),
      )
      .map(({ path }) => ({
        path,
        message: `is installed by ${nameOf(inf)}, but its digest is not in ${nameOf(catalog?.path ?? '')}`,
        hint: 'take the file and the catalog from one build, or regenerate the catalog',
      })),
});
