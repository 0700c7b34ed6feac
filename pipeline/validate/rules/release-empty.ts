import { defineRule } from '../define.ts';

export const releaseEmpty = defineRule({
  id: 'release/empty',
  severity: 'error',
  scope: 'release',
  explain: `No driver of the manifest was found in the sources, or the release selects none.
The disc would hold nothing to install.
Check "sources" and "select" in the release: the layouts that are recognised are <build>/<arch>/ (Win10/amd64/) and <Driver>/<os>/<arch>/ (viostor/w10/amd64/).`,
  check: ({ manifest, tree }) =>
    tree.packages.length > 0
      ? []
      : [
          {
            path: manifest.release.name,
            message: 'holds no driver',
            hint: 'check "sources" and "select" in the release',
          },
        ],
});
