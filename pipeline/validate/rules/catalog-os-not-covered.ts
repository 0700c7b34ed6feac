import { defineRule } from '../define.ts';
import { osNotCovered } from '../os-coverage.ts';

export const catalogOsNotCovered = defineRule({
  id: 'catalog/os-not-covered',
  severity: 'warning',
  scope: 'package',
  explain: `The catalog was made for other Windows versions than its folder: the OSAttr of its members does not list that version.
That Windows treats the driver package as unsigned, so its signature state is "unsigned" there.
Use the build for this Windows, or run Inf2Cat with this Windows in "/os".`,
  check: (driverPackage) => {
    const { row, catalog, infFile, payload } = driverPackage;
    if (row === undefined || catalog === undefined) return [];
    const [major = '', minor = ''] = row.version.split('.');
    const others = osNotCovered(catalog.list, [infFile, ...payload], row);
    if (others === undefined) return [];
    const named = others.join(', ');
    return [
      {
        path: catalog.path,
        message: `is for ${named === '' ? 'no Windows' : named}, not for ${row.windows} (2:${major}.${minor})`,
        hint: 'use the build for this Windows, or run Inf2Cat with this Windows in "/os"',
      },
    ];
  },
});
