import { defineRule } from '../define.ts';
import { osNotCovered } from '../os-coverage.ts';

export const catalogOsNotCovered = defineRule({
  id: 'catalog/os-not-covered',
  severity: 'warning',
  scope: 'package',
  explain: `The catalog was made for other Windows versions than the one whose folder it is in: the OSAttr of its members does not name that version.
Windows takes the driver package for unsigned there, and so its signature state is "unsigned" for that Windows.
Use the build for this Windows, or have Inf2Cat make the catalog for it too ("/os").`,
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
        hint: 'use the build for this Windows, or name it to Inf2Cat under "/os"',
      },
    ];
  },
});
