import { defineRule } from '../define.ts';

export const releaseDriverNotFound = defineRule({
  id: 'release/driver-not-found',
  severity: 'error',
  scope: 'release',
  explain: `The release selects a driver by name, but no source contains it for a selected target.
The disc would lack a requested driver.
Add a source that contains it, or remove its name from "select".`,
  check: ({ manifest, tree }) => {
    const { drivers } = manifest.release.select;
    const wanted = drivers !== undefined && 'include' in drivers ? drivers.include : [];
    const found = new Set(tree.packages.map(({ driver }) => driver));
    return wanted
      .filter((name) => !found.has(name))
      .map((name) => ({
        path: name,
        message: 'is selected by the release, but no source contains it for a selected target',
        hint: 'add a source that contains it, or remove its name from "select"',
      }));
  },
});
