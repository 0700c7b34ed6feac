import { infSection } from '../../formats/inf/inf.ts';
import { defineRule } from '../define.ts';

export const infCatalogInFolder = defineRule({
  id: 'inf/catalog-in-folder',
  severity: 'error',
  scope: 'package',
  explain: `CatalogFile names a catalog in another folder.
Windows looks for the catalog beside the INF ("INF Version Section") and treats the package as unsigned.
Put the catalog beside the INF and write its name alone.`,
  check: ({ inf, parsed }) =>
    (infSection(parsed, 'Version')?.entries ?? [])
      .filter(
        ({ key, raw: { values } }) => /^CatalogFile(\.|$)/i.test(key ?? '') && /[\\/]/.test(values[0] ?? ''),
      )
      .map(({ key, raw: { values }, line }) => ({
        path: inf,
        line,
        message: `${key} is "${values[0]}", which is not beside the INF`,
        hint: 'put the catalog beside the INF and write its name alone',
      })),
});
