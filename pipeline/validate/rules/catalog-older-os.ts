import { defineRule } from '../define.ts';
import { osCoverage } from '../os-coverage.ts';

export const catalogOlderOs = defineRule({
  id: 'catalog/older-os',
  severity: 'info',
  scope: 'package',
  explain: `The catalog was made for older Windows versions than its folder: the OSAttr of its members lists only earlier versions. It may be the build for another Windows.
Windows accepts it: a WHQL signature for Windows XP or later counts as one for this Windows, and one for an earlier version as an Authenticode signature (Microsoft, "LowerLogoVersion"; the default is 5.1).
A catalog for Windows 2000 or 98 alone therefore loses to any certified driver when Windows ranks drivers for a device.
If the folder holds the wrong build, use the one for this Windows; otherwise no action is needed.`,
  check: (driverPackage) => {
    const { row, catalog, infFile, payload } = driverPackage;
    if (row === undefined || catalog === undefined) return [];
    const { fit, others } = osCoverage(catalog.list, [infFile, ...payload], row);
    if (fit !== 'older') return [];
    return [
      {
        path: catalog.path,
        message: `is for ${others.join(', ')}, older than ${row.windows}${ranksLower(others) ? ' and than Windows XP' : ''}`,
        hint: ranksLower(others)
          ? 'check that this is the build for this Windows; Windows ranks it below certified drivers'
          : 'check that this is the build for this Windows; Windows accepts the catalog',
      },
    ];
  },
});

/** Returns whether every version is below the default of LowerLogoVersion, Windows XP (`2:5.1`); platform 1 is Windows 9x. */
function ranksLower(versions: readonly string[]): boolean {
  return versions.every((version) => /^(1:|2:([0-4]\.|5\.0))/.test(version));
}
