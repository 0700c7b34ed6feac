import { defineRule } from '../define.ts';

export const infMissingFile = defineRule({
  id: 'inf/missing-file',
  severity: 'error',
  scope: 'package',
  explain: `The INF needs a file that is not in its folder: one that it copies, its catalog, or an INF of CopyINF.
Windows stops the installation when one is missing ("The system cannot find the file specified"). It does not look for what [SourceDisksFiles] lists alone (inf/uncopied-file).
Add the file to the driver build, or remove its name from the INF and regenerate the catalog.
An unsigned build has no catalog: make one (pvdisc catalog), or say in the release why it is unsigned ("unsigned: REASON"), which accepts that the catalog is missing.
A path with ".." or a drive letter leaves the folder of the INF: a driver package has its files in that folder and below, and no other is copied to the guest.`,
  check: ({ inf, missing }) =>
    missing.map(({ name, line }) => ({
      path: inf,
      line,
      ...(isOutside(name)
        ? {
            message: `names "${name}", which is outside its folder`,
            hint: 'put the file into the folder of the INF or below, and correct its path in the INF',
          }
        : {
            message: `names "${name}", which is not in its folder`,
            ...(isCatalog(name)
              ? { hint: catalogHint, lacksSignature: true as const }
              : { hint: 'add the file to the driver build, or remove its name from the INF' }),
          }),
    })),
});

const catalogHint =
  'make it (pvdisc catalog FOLDER), or, if the build is unsigned on purpose, add "unsigned: REASON" to the release';

function isCatalog(name: string): boolean {
  return name.toLowerCase().endsWith('.cat');
}

function isOutside(name: string): boolean {
  return name.startsWith('../') || name.includes(':');
}
