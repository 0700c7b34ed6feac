import { copiesOf, sourceDisksFiles } from '../../formats/inf/files.ts';
import { infEntries } from '../../formats/inf/inf.ts';
import { destinationEntry, installSections } from '../../formats/inf/install.ts';
import { infNumber } from '../../formats/inf/lines.ts';
import { namedSections } from '../../formats/inf/references.ts';
import { defineRule } from '../define.ts';
import { driverStore } from '../driver-store.ts';

export const infDriverStoreRename = defineRule({
  id: 'inf/driver-store-rename',
  severity: 'error',
  scope: 'package',
  explain: `A file that runs from the driver store (directory number 13) is renamed, moved to another folder, or deleted.
The driver store keeps the files of the package where they were, so the file is not at its path (InfVerif 1100; "Run From Driver Store", "Using Dirids").
Give source and target one name, write the folder of [SourceDisksFiles] also in [DestinationDirs], and do not list the file in DelFiles.`,
  check: ({ inf, parsed, target: { arch } }) => {
    const isStored = (list: string | undefined) =>
      infNumber(destinationEntry(parsed, list)?.values[0]) === driverStore.dirid;
    const listed = sourceDisksFiles(parsed, arch);
    const installs = installSections(parsed, arch).map(({ name }) => name);
    const hint = 'keep the name and the folder of a file that runs from the driver store';
    const copies = copiesOf(parsed, arch, installs).flatMap(({ source, target, list, line }) => {
      if (!isStored(list)) return [];
      if (source.toLowerCase() !== target.toLowerCase())
        return [{ path: inf, line, message: `renames "${source}" to "${target}" in the driver store`, hint }];
      const from = folderOf(listed.get(source.toLowerCase())?.name ?? source);
      const to = (destinationEntry(parsed, list)?.values[1] ?? '')
        .replaceAll('/', '\\')
        .replace(/^\\+|\\+$/g, '');
      if (from.toLowerCase() === to.toLowerCase()) return [];
      const message = `moves "${source}" from ${placeOf(from)} to ${placeOf(to)} of the package in the driver store`;
      return [{ path: inf, line, message, hint }];
    });
    const deleted = namedSections(parsed, 'DelFiles').filter(
      ({ name, entries }) => entries[0] && isStored(name),
    );
    const named = new Set(copies.map(({ line }) => line));
    return [
      ...copies,
      ...deleted.flatMap(({ name }) =>
        infEntries(parsed, name)
          .filter(({ line }) => !named.has(line))
          .map(({ values: [file = ''], line }) => ({
            path: inf,
            line,
            message: `deletes "${file}" from the driver store`,
            hint,
          })),
      ),
    ];
  },
});

function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('\\');
}

function placeOf(folder: string): string {
  return folder === '' ? 'the root' : `"${folder}"`;
}
