import { defineRule } from '../define.ts';

export const releaseEmpty = defineRule({
  id: 'release/empty',
  severity: 'error',
  scope: 'release',
  explain: `The sources contain no driver of the manifest, or the release selects none.
The disc would contain nothing to install.
Check "sources" and "select" in the release: the recognised layouts are <build>/<arch>/ (Win10/amd64/) and <Driver>/<os>/<arch>/ (viostor/w10/amd64/).`,
  check: ({ manifest, tree }) =>
    tree.packages.length > 0
      ? []
      : [
          {
            path: manifest.release.name,
            message: 'contains no driver',
            hint: 'check "sources" and "select" in the release',
          },
        ],
});
