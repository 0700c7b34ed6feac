import { defineRule } from '../define.ts';
import { osCoverage } from '../os-coverage.ts';

export const catalogOsNotCovered = defineRule({
  id: 'catalog/os-not-covered',
  severity: 'warning',
  scope: 'package',
  explain: `The catalog was made for newer Windows versions than its folder: the OSAttr of its members lists only later versions.
That Windows treats the driver package as unsigned, so its signature state is "unsigned" there.
Use the build for this Windows, or run Inf2Cat with this Windows in "/os".
A catalog for older versions is valid on a newer Windows (Microsoft, "LowerLogoVersion"); catalog/older-os mentions it.`,
  check: (driverPackage) => {
    const { row, catalog, infFile, payload } = driverPackage;
    if (row === undefined || catalog === undefined) return [];
    const { fit, others } = osCoverage(catalog.list, [infFile, ...payload], row);
    if (fit !== 'newer') return [];
    const [major = '', minor = ''] = row.version.split('.');
    return [
      {
        path: catalog.path,
        message: `is for ${others.join(', ')}, not for ${row.windows} (2:${major}.${minor})`,
        hint: 'use the build for this Windows, or run Inf2Cat with this Windows in "/os"',
      },
    ];
  },
});
