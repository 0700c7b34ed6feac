import { copyTargets, sourceDisksFiles } from '../../formats/inf/files.ts';
import { type Inf, infEntries, infSection, infValue } from '../../formats/inf/inf.ts';
import { guestPath, infServices, serviceFile, servicePath } from '../../formats/inf/install.ts';
import { includedInfs, includedSection, needsOf } from '../../formats/inf/needs.ts';
import { inboxBinaries } from '../../formats/windows/inbox-binaries.ts';
import { defineRule } from '../define.ts';

export const infServiceBinaryNotCopied = defineRule({
  id: 'inf/service-binary-not-copied',
  severity: 'error',
  scope: 'package',
  explain: `The INF creates a service for a binary that it does not copy to the guest, or copies to another folder than the one in ServiceBinary.
The service does not start, since Windows finds no file at its path (Code 39 in the Device Manager); with a storage driver the guest does not boot.
What the INF copies is also in the driver store (directory number 13), where a service can run it.
Copy the file with CopyFiles, or correct the path in ServiceBinary or the folder in [DestinationDirs].
The rule skips binaries that every Windows has, such as WUDFRd.sys, and INFs that use a section of an included INF that pvdisc does not know.`,
  check: ({ inf, parsed, target: { arch } }) => {
    if (includesUnknown(parsed)) return [];
    const copied = copyTargets(parsed, arch);
    const listed = sourceDisksFiles(parsed, arch);
    const sections = new Set(
      infServices(parsed, arch).flatMap(({ section }) => section?.toLowerCase() ?? []),
    );
    return [...sections].flatMap((section) => {
      const binary = infValue(parsed, section, 'ServiceBinary');
      const file = serviceFile(binary?.value ?? '');
      const key = file.toLowerCase();
      // inf/bad-service-binary reports %12%x.sys.
      if (binary === undefined || /^(?:%\d+%.*)?$/.test(file) || inboxBinaries.has(key)) return [];
      const folders = copied.get(key);
      if (folders !== undefined && isCopiedTo(folders, file, binary.value)) return [];
      if (folders !== undefined && runsFromSource(listed.get(key)?.name, binary.value)) return [];
      return [
        {
          path: inf,
          line: binary.line,
          message:
            folders === undefined
              ? `the service runs "${file}", which the INF does not copy`
              : `the service runs "${binary.value}", but the INF copies the file to ${[...folders].join(' and ')}`,
          hint: 'copy the file there with CopyFiles and DestinationDirs, or correct ServiceBinary',
        },
      ];
    });
  },
});

/** The driver store keeps all files of the package in their folders: one of `arm64` is also `%13%\\arm64`, whatever [DestinationDirs] says. */
function runsFromSource(source: string | undefined, binary: string): boolean {
  return `%13%\\${source?.replaceAll('/', '\\')}`.toLowerCase() === guestPath(servicePath(binary));
}

/** A path or folder that cannot be resolved counts as a match. */
function isCopiedTo(folders: ReadonlySet<string | undefined>, file: string, binary: string): boolean {
  const path = guestPath(servicePath(binary));
  return (
    path === undefined ||
    [...folders].some((folder) => folder === undefined || `${folder}\\${file.toLowerCase()}` === path)
  );
}

/** Whether the INF uses a section of an included INF of which nothing is known, so that it can copy any file. */
function includesUnknown(inf: Inf): boolean {
  if (includedInfs(inf).length === 0) return false;
  const named = [...inf.sections.keys()].flatMap((section) => [
    ...needsOf(inf, section),
    ...infEntries(inf, section, 'CopyFiles').flatMap(({ values }) => values),
  ]);
  return named.some(
    (name) =>
      name !== '' &&
      !name.startsWith('@') &&
      infSection(inf, name) === undefined &&
      includedSection(inf, name) === undefined,
  );
}
