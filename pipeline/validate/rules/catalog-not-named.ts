import { quoted } from '../../core/refusal.ts';
import { catalogLine, catalogNameProblem } from '../../formats/inf/catalog-name.ts';
import type { InfFile } from '../../formats/inf/files.ts';
import { type Inf, infEntries } from '../../formats/inf/inf.ts';
import { defineRule, type Violation } from '../define.ts';

export const catalogNotNamed = defineRule({
  id: 'catalog/not-named',
  severity: 'error',
  scope: 'package',
  explain: `The INF has no CatalogFile in its [Version] section, or names no .cat file beside it, so the driver package has no catalog.
64-bit Windows treats the package as unsigned, even with a catalog in its folder, and refuses to install it.
Name the catalog in the INF (CatalogFile = viostor.cat) and regenerate the catalog, since it contains the digest of the INF.
A release that is unsigned on purpose says why ("unsigned: REASON"), which accepts the finding.`,
  check: ({ inf, parsed, catalogName, target, anyArch }) => {
    if (catalogName !== undefined) return badName(inf, catalogName);
    if (anyArch && namesCatalog(parsed)) return [];
    const line = parsed.sections.get('version')?.lines[0];
    return [
      {
        path: inf,
        ...(line !== undefined && { line }),
        message: anyArch ? 'names no catalog' : `names no catalog for ${target.arch}`,
        lacksSignature: true as const,
        hint: `add "${catalogLine(inf)}" to its [Version] section, then make the catalog again`,
      },
    ];
  },
});

function badName(inf: string, { name, line }: InfFile): Violation[] {
  const problem = catalogNameProblem(name);
  if (problem === undefined) return [];
  const message = `CatalogFile names ${quoted(name)}: ${problem}`;
  return [{ path: inf, line, message, hint: `write "${catalogLine(inf)}", then make the catalog again` }];
}

/** Whether the INF names a catalog for some architecture, also one that pvdisc does not know, such as 32-bit ARM. */
function namesCatalog(inf: Inf): boolean {
  return infEntries(inf, 'Version').some(
    ({ key, values: [name = ''] }) => /^CatalogFile\./i.test(key ?? '') && name !== '',
  );
}
