import { defineRule } from '../define.ts';

export const catalogNotNamed = defineRule({
  id: 'catalog/not-named',
  severity: 'error',
  scope: 'package',
  explain: `The INF has no CatalogFile in its [Version] section, so no catalog belongs to the driver package.
64-bit Windows takes the package for unsigned, whatever files lie beside it, and refuses to install it.
Name the catalog in the INF (CatalogFile = viostor.cat) and make the catalog anew, since it holds the digest of the INF.`,
  check: ({ inf, parsed, catalogName, target }) => {
    if (catalogName !== undefined) return [];
    const line = parsed.sections.get('version')?.lines[0];
    return [
      {
        path: inf,
        ...(line !== undefined && { line }),
        message: `names no catalog for ${target.arch}`,
        hint: 'add "CatalogFile" to its [Version] section, then make the catalog anew',
      },
    ];
  },
});
