import { nameOf } from '../../core/paths.ts';
import { defineRule } from '../define.ts';

export const catalogNotNamed = defineRule({
  id: 'catalog/not-named',
  severity: 'error',
  scope: 'package',
  explain: `The INF has no CatalogFile in its [Version] section, so the driver package has no catalog.
64-bit Windows treats the package as unsigned, even with a catalog in its folder, and refuses to install it.
Name the catalog in the INF (CatalogFile = viostor.cat) and regenerate the catalog, since it contains the digest of the INF.
A release that is unsigned on purpose says why ("unsigned: REASON"), which accepts the finding.`,
  check: ({ inf, parsed, catalogName, target }) => {
    if (catalogName !== undefined) return [];
    const line = parsed.sections.get('version')?.lines[0];
    return [
      {
        path: inf,
        ...(line !== undefined && { line }),
        message: `names no catalog for ${target.arch}`,
        lacksSignature: true as const,
        hint: `add "CatalogFile = ${nameOf(inf).replace(/\.inf$/i, '.cat')}" to its [Version] section, then make the catalog again`,
      },
    ];
  },
});
