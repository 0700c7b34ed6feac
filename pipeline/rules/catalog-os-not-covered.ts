import { defineRule } from '../define.ts';
import { coveringMembers } from '../validate/package-facts.ts';

export const catalogOsNotCovered = defineRule({
  id: 'catalog/os-not-covered',
  severity: 'warning',
  scope: 'package',
  explain: `The catalog was made for other Windows versions than the one whose folder it is in: the OSAttr of its members does not name that version.
Windows takes the driver package for unsigned there.
Use the build for this Windows, or have Inf2Cat make the catalog for it too ("/os").`,
  check: (driverPackage) => {
    const { row, catalog, payload } = driverPackage;
    if (row === undefined || catalog === undefined) return [];
    const [major = '', minor = ''] = row.version.split('.');
    const wanted = [`2:${major}.${minor}`, `2:${major}.x`];
    const files = [driverPackage.infFile, ...payload].map(({ facts }) =>
      coveringMembers(driverPackage, facts),
    );
    const others = files.filter(
      (members) =>
        members.length > 0 && !members.some(({ osAttr }) => osAttr.some((os) => wanted.includes(os))),
    );
    if (others.length === 0) return [];
    const named = [...new Set(others.flat().flatMap(({ osAttr }) => osAttr))].sort().join(', ');
    return [
      {
        path: catalog.path,
        message: `is for ${named === '' ? 'no Windows' : named}, not for ${row.windows} (2:${major}.${minor})`,
        hint: 'use the build for this Windows, or name it to Inf2Cat under "/os"',
      },
    ];
  },
});
