import { inboxBinaries } from '../windows/inbox-binaries.ts';
import { type Arch, archFacts } from '../windows/targets.ts';
import { type Inf, type InfSection, infEntries, infSection, oncePerInf } from './inf.ts';
import { destinationFolder, installSection, installSections } from './install.ts';
import { infNumber } from './lines.ts';
import { withNeeded } from './needs.ts';

/** A file that an INF names: its path relative to the INF's folder, with `/`, and the line of the reference. */
export interface InfFile {
  readonly name: string;
  readonly line: number;
}

/** Returns the catalog for an architecture: `CatalogFile.nt<arch>`, else `CatalogFile.nt`, else `CatalogFile`. */
export function catalogFile(inf: Inf, arch: Arch): InfFile | undefined {
  for (const suffix of [`.nt${archFacts[arch].inf}`, '.nt', '']) {
    const entry = infEntries(inf, 'Version', `CatalogFile${suffix}`)[0];
    const name = entry?.values[0];
    if (entry !== undefined && name !== undefined && name !== '') return { name, line: entry.line };
  }
  return undefined;
}

/**
 * Returns the sorted source files that the INF names for an architecture, unique ignoring case: those of
 * `[SourceDisksFiles]` and of every `CopyFiles` in an install section. A file outside the INF's folder has `..` or a drive in its name.
 * Files of Windows that only `LayoutFile` lists are left out: they come from Windows itself (Microsoft, "INF Version Section").
 */
export function namedFiles(inf: Inf, arch: Arch): readonly InfFile[] {
  return filesFor(inf, arch).named;
}

/**
 * Returns the part of `namedFiles` that Windows copies. A file that only `[SourceDisksFiles]` lists takes no part in an installation:
 * Inf2Cat looks for the files of `CopyFiles` lists (its error 22.9.1), and of 742 other files in packages with intact catalogs the
 * catalogs hold three. Where the INF does not install on the architecture, all named files count.
 */
export function installedFiles(inf: Inf, arch: Arch): readonly InfFile[] {
  return filesFor(inf, arch).installed;
}

const filesFor = oncePerInf((inf, arch: Arch) => {
  const listed = sourceDisksFiles(inf, arch);
  const files = new Map([...listed.values()].map((file) => [file.name.toLowerCase(), file]));
  const hasLayout = infEntries(inf, 'Version', 'LayoutFile').length > 0;
  const copied = new Set<InfFile>();
  for (const copy of copiedFiles(inf, arch)) {
    const own = listed.get(copy.name.toLowerCase());
    if (own === undefined && hasLayout && inboxBinaries.has(copy.name.toLowerCase())) continue;
    const key = (own ?? copy).name.toLowerCase();
    const file = files.get(key) ?? copy;
    files.set(key, file);
    copied.add(file);
  }
  const named = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
  const installsHere = installSections(inf, arch).length > 0;
  return { named, installed: installsHere ? named.filter((file) => copied.has(file)) : named };
});

/** Returns the INFs in the package that `CopyINF` of an install section brings along (Microsoft, "INF CopyINF Directive"). */
export function copiedInfs(inf: Inf, arch: Arch): InfFile[] {
  return installSections(inf, arch).flatMap(({ name }) =>
    infEntries(inf, name, 'CopyINF').flatMap(({ values, line }) =>
      values.filter((value) => value !== '').map((value) => ({ name: joinPath([value]), line })),
    ),
  );
}

/** Returns the files that `[SourceDisksFiles]` lists and no `CopyFiles` of the INF copies, for whatever architecture, in its order. */
export function uncopiedFiles(inf: Inf, arch: Arch): InfFile[] {
  const copied = new Set(copiesBy(inf, inf.sections.values()).map(({ source }) => sourceKey(source)));
  return [...sourceDisksFiles(inf, arch)].filter(([key]) => !copied.has(key)).map(([, file]) => file);
}

/** Returns `[SourceDisksFiles]` by lower-case file name; the decorated section takes precedence over the plain one. */
export function sourceDisksFiles(inf: Inf, arch: Arch): Map<string, InfFile> {
  const files = new Map<string, InfFile>();
  for (const section of [`SourceDisksFiles.${archFacts[arch].inf}`, 'SourceDisksFiles']) {
    for (const { raw, values, line } of infEntries(inf, section)) {
      const name = raw.key ?? raw.values[0] ?? '';
      const key = sourceKey(name);
      if (name === '' || files.has(key)) continue;
      const path = joinPath([diskPath(inf, values[0] ?? '', arch), values[1] ?? '', name]);
      files.set(key, { name: path, line });
    }
  }
  return files;
}

/** Returns the source files of all `CopyFiles` lists reachable from install sections, in file order, without folders. */
export function copiedFiles(inf: Inf, arch: Arch): InfFile[] {
  return copies(inf, arch).map(({ source, line }) => ({ name: joinPath([source]), line }));
}

/** Returns the lower-case destination file names of `CopyFiles`, each with its folders on the guest (`destinationFolder`). */
export function copyTargets(inf: Inf, arch: Arch): Map<string, Set<string | undefined>> {
  const targets = new Map<string, Set<string | undefined>>();
  for (const { target, list } of copies(inf, arch)) {
    const folders = targets.get(target.toLowerCase()) ?? new Set();
    targets.set(target.toLowerCase(), folders.add(destinationFolder(inf, list)));
  }
  return targets;
}

/** Returns the lower-case names in the package of a file on the guest: `CopyFiles` can rename a file on the way. */
export function sourceNames(inf: Inf, arch: Arch, target: string): string[] {
  const key = target.toLowerCase();
  const found = copies(inf, arch).filter((copy) => copy.target.toLowerCase() === key);
  return found.length === 0 ? [key] : found.map(({ source }) => sourceKey(source));
}

/** A file that `CopyFiles` copies to the guest. */
export interface FileCopy {
  readonly target: string;
  readonly source: string;
  /** The section that lists the file; absent for `@file`. */
  readonly list?: string;
  readonly line: number;
}

const copies = oncePerInf((inf, arch: Arch): readonly FileCopy[] =>
  copiesOf(
    inf,
    arch,
    installSections(inf, arch).map(({ name }) => name),
  ),
);

/** Returns the copies of all `CopyFiles` reachable from these install sections, in file order. */
export function copiesOf(inf: Inf, arch: Arch, installs: readonly string[]): FileCopy[] {
  return copiesBy(inf, copyingSections(inf, arch, installs));
}

function copiesBy(inf: Inf, sections: Iterable<InfSection>): FileCopy[] {
  const files: FileCopy[] = [];
  const lists = new Set<string>();
  for (const { name } of sections) {
    for (const { values, line } of infEntries(inf, name, 'CopyFiles')) {
      for (const value of values) {
        if (value.startsWith('@')) files.push({ target: value.slice(1), source: value.slice(1), line });
        else lists.add(value.toLowerCase());
      }
    }
  }
  return [...files, ...[...lists].flatMap((list) => listedFiles(inf, list))];
}

/** The sections beside an install section that can copy files (Microsoft, "INF CopyFiles Directive"). */
const installSuffixes = ['', '.CoInstallers', '.Interfaces', '.Components'];

/** Returns the sections whose `CopyFiles` Windows processes: install sections, those of interfaces, and what either needs. */
function copyingSections(inf: Inf, arch: Arch, installs: readonly string[]): readonly InfSection[] {
  const names = installs.flatMap((name) => installSuffixes.map((suffix) => name + suffix));
  const installed = withNeeded(inf, names);
  const interfaces = [
    ...installed.flatMap(({ name }) => infEntries(inf, name, 'AddInterface').map(({ values }) => values[2])),
    ...infEntries(inf, 'InterfaceInstall32').map(({ values }) => values[0]),
  ];
  const chosen = interfaces.flatMap((name = '') => installSection(inf, name, arch)?.name ?? []);
  return [...new Set([...installed, ...withNeeded(inf, chosen)])];
}

function listedFiles(inf: Inf, list: string): FileCopy[] {
  return (infSection(inf, list)?.entries ?? []).flatMap(({ values: [target = '', source = ''], line }) => {
    const name = source === '' ? target : source;
    return name === '' ? [] : [{ target, source: name, list, line }];
  });
}

function diskPath(inf: Inf, disk: string, arch: Arch): string {
  for (const section of [`SourceDisksNames.${archFacts[arch].inf}`, 'SourceDisksNames']) {
    const entry = infEntries(inf, section, disk)[0];
    if (entry !== undefined) return entry.values[3] ?? '';
  }
  return '';
}

/** Returns the key of a source file in `sourceDisksFiles`. */
function sourceKey(name: string): string {
  return joinPath([name]).toLowerCase();
}

/** Joins the parts of a path with `/`; a path that leaves the INF's folder begins with `..` or contains `:`. */
function joinPath(parts: readonly string[]): string {
  const names: string[] = [];
  for (const name of parts.flatMap((part) => part.split(/[\\/]/))) {
    if (name === '' || name === '.') continue;
    const last = names.at(-1);
    if (name === '..' && last !== undefined && last !== '..') names.pop();
    else names.push(name);
  }
  return names.join('/');
}

/** A file of `[SourceDisksFiles]` on a disk that `[SourceDisksNames]` lacks. */
interface UndefinedDisk {
  readonly file: string;
  readonly disk: string;
  readonly line: number;
}

/** Returns the files whose disk is not defined for the architecture (Microsoft, "INF SourceDisksFiles Section"). */
export function undefinedDisks(inf: Inf, arch: Arch): UndefinedDisk[] {
  const entries = (section: string) => [
    ...infEntries(inf, `${section}.${archFacts[arch].inf}`),
    ...infEntries(inf, section),
  ];
  const disks = new Set(entries('SourceDisksNames').map(({ key, values }) => diskId(key ?? values[0] ?? '')));
  return entries('SourceDisksFiles').flatMap(({ raw: { key }, values: [disk = ''], line }) =>
    key === undefined || disks.has(diskId(disk)) ? [] : [{ file: key, disk, line }],
  );
}

function diskId(text: string): string | number {
  return infNumber(text) ?? text.toLowerCase();
}
