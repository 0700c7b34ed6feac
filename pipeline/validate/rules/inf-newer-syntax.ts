import { copiesOf } from '../../formats/inf/files.ts';
import { type Inf, infEntries, oncePerInf } from '../../formats/inf/inf.ts';
import { destinationEntry, installSection } from '../../formats/inf/install.ts';
import { infNumber } from '../../formats/inf/lines.ts';
import { type ModelsSection, modelsSections } from '../../formats/inf/models.ts';
import { appliesToArch } from '../../formats/inf/select.ts';
import { type Arch, isWindows10 } from '../../formats/windows/targets.ts';
import { defineRule } from '../define.ts';
import { driverStore } from '../driver-store.ts';

export const infNewerSyntax = defineRule({
  id: 'inf/newer-syntax',
  severity: 'warning',
  scope: 'package',
  explain: `A driver for Windows 10 or 11 uses what a later build of Windows 10 introduced, but its decoration in [Manufacturer] also allows older builds: directory number 13 (1709, build 16299), AddComponent and AddSoftware (1703, 15063), AddEventProvider (1809, 17763), AddFilter (1903, 18362).
An older build installs the driver and ignores the line, so that the driver does not work there (InfVerif 1199). For decorations of Windows before 10 the rule looks at the directory number only.
Write the build in the decoration, such as NTamd64.10.0...16299, or keep the older syntax.`,
  check: ({ inf, parsed, target: { arch }, row }) => {
    if (!isWindows10(row)) return [];
    return modelsSections(parsed)
      .filter((section) => section.present && appliesToArch(section, arch))
      .flatMap((section) => {
        const newest = newestSyntax(parsed, arch, section);
        if (newest === undefined || (section.target?.build ?? 0) >= newest.build) return [];
        return [
          {
            path: inf,
            line: section.line,
            message: `the decoration ${section.decoration} allows builds before ${newest.build}, which do not know ${newest.syntax}`,
            hint: `write the build in the decoration: NT${arch === 'ARM64' ? 'arm64' : arch}.10.0...${newest.build}`,
          },
        ];
      });
  },
});

/** Older Windows versions ignore the directives, which drivers for several versions use on purpose; they do not find files of directory 13. */
function isOfWindows10({ target }: ModelsSection): boolean {
  return target?.major !== undefined && target.major >= 10;
}

/** Directives by the suffix of their section and the build that introduced them (the page of each directive). */
const directives = [
  { suffix: '.Components', syntax: 'AddComponent', build: 15063 },
  { suffix: '.Software', syntax: 'AddSoftware', build: 15063 },
  { suffix: '.Events', syntax: 'AddEventProvider', build: 17763 },
  { suffix: '.Filters', syntax: 'AddFilter', build: 18362 },
];

function newestSyntax(inf: Inf, arch: Arch, section: ModelsSection) {
  const installs = new Set(
    section.models.flatMap((model) => installSection(inf, model.installSection, arch)?.name ?? []),
  );
  const known = isOfWindows10(section) ? directives : [];
  const used = [...installs].flatMap((name) =>
    known.filter(({ suffix, syntax }) => infEntries(inf, name + suffix, syntax).length > 0),
  );
  const isStored =
    usesStore(inf) &&
    copiesOf(inf, arch, [...installs]).some(
      ({ list }) => infNumber(destinationEntry(inf, list)?.values[0]) === driverStore.dirid,
    );
  const all = [...used, ...(isStored ? [{ syntax: 'directory number 13', build: driverStore.build }] : [])];
  return all.toSorted((a, b) => b.build - a.build)[0];
}

/** Asked first, since an INF can have thousands of models sections and files. */
const usesStore = oncePerInf((inf) =>
  infEntries(inf, 'DestinationDirs').some(({ values: [dirid] }) => infNumber(dirid) === driverStore.dirid),
);
