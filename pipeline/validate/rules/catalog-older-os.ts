import { defineRule } from '../define.ts';
import { osCoverage } from '../os-coverage.ts';

export const catalogOlderOs = defineRule({
  id: 'catalog/older-os',
  severity: 'info',
  scope: 'package',
  explain: `The catalog was made for older Windows versions than its folder: the OSAttr of its members lists only earlier versions. It may be the build for another Windows.
Windows accepts it: a WHQL signature for Windows XP or later counts as one for this Windows, and one for an earlier version as an Authenticode signature (Microsoft, "LowerLogoVersion"; the default is 5.1).
If the folder holds the wrong build, use the one for this Windows; if not, nothing is to be done.`,
  check: (driverPackage) => {
    const { row, catalog, infFile, payload } = driverPackage;
    if (row === undefined || catalog === undefined) return [];
    const { fit, others } = osCoverage(catalog.list, [infFile, ...payload], row);
    if (fit !== 'older') return [];
    return [
      {
        path: catalog.path,
        message: `is for ${others.join(', ')}, older than ${row.windows}`,
        hint: 'check that this is the build for this Windows; Windows accepts the catalog',
      },
    ];
  },
});
