import { defineRule } from '../define.ts';

export const releaseDriverNotFound = defineRule({
  id: 'release/driver-not-found',
  severity: 'error',
  scope: 'release',
  explain: `The release selects a driver by name and no source holds it for any selected target.
The disc would lack a driver that was asked for.
Add a source that has it, or take its name out of "select".`,
  check: ({ manifest, tree }) => {
    const { drivers } = manifest.release.select;
    const wanted = drivers !== undefined && 'include' in drivers ? drivers.include : [];
    const found = new Set(tree.packages.map(({ driver }) => driver));
    return wanted
      .filter((name) => !found.has(name))
      .map((name) => ({
        path: name,
        message: 'is selected by the release, and no source holds it for a selected target',
        hint: 'add a source that has it, or take its name out of "select"',
      }));
  },
});
