import { nameOf } from '../../core/paths.ts';
import { defineRule } from '../define.ts';
import type { PayloadFile } from '../facts.ts';
import { coveringMembers, type PackageFacts } from '../package-facts.ts';

export const catalogOddName = defineRule({
  id: 'catalog/odd-name',
  severity: 'warning',
  scope: 'package',
  explain: `The catalog lists a file under another name: the driver build renamed the file after it made the catalog.
Windows compares digests and installs the package; tools that look up files by name do not find this one.
Make the catalog after the renaming.`,
  check: (driverPackage) => {
    const { catalog, infFile, payload } = driverPackage;
    if (catalog === undefined) return [];
    return [infFile, ...payload].flatMap((file) => {
      const own = nameOf(file.path);
      const names = namesInCatalog(driverPackage, file).map((name) => name.split(/[\\/]/).at(-1) ?? name);
      if (names.length === 0 || names.some((name) => name.toLowerCase() === own.toLowerCase())) return [];
      return [
        {
          path: catalog.path,
          message: `lists ${own} as "${names[0]}"`,
          hint: 'make the catalog after the renaming; Windows ignores the name',
        },
      ];
    });
  },
});

/** Returns the names of the file in the catalog; an INF whose digest is absent is matched if the catalog lists one INF only. */
function namesInCatalog(driverPackage: PackageFacts, { path, facts }: PayloadFile): string[] {
  const covering = coveringMembers(driverPackage, facts).flatMap(({ file }) => file ?? []);
  if (covering.length > 0 || path !== driverPackage.inf) return covering;
  const members = driverPackage.catalog?.list.members ?? [];
  const infs = members.flatMap(({ file }) => (file?.toLowerCase().endsWith('.inf') ? [file] : []));
  return new Set(infs.map((name) => name.toLowerCase())).size === 1 ? infs : [];
}
