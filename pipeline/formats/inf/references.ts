import type { Arch } from '../windows/targets.ts';
import { type Inf, type InfEntry, type InfSection, infEntries, infSection } from './inf.ts';
import { installSection, installSections, modelsFor } from './install.ts';
import { includedInfs, includesOf } from './needs.ts';

/** A section that a line names and the INF lacks. */
export interface MissingSection {
  readonly section: string;
  /** The directive of the reference; `model` for the install section of a device. */
  readonly directive: string;
  readonly line: number;
  /** The included INFs that can have the section. */
  readonly infs: readonly string[];
}

/** Sections that Windows reads beside an install section (Microsoft, "INF DDInstall Section"); lower case. */
export const installSuffixes: readonly string[] = [
  'hw',
  'services',
  'coinstallers',
  'interfaces',
  'wdf',
  'softwaresettings',
  'generalconfigdata',
  'opengl',
  'events',
  'wmi',
  'components',
  'software',
  'filters',
  'logconfigoverride',
  'factdef',
  'posdup',
  'ndi',
  'security',
];

/** Returns the missing sections that install sections of an architecture name, directly, through services or `Needs`, sorted by line. */
export function missingSections(inf: Inf, arch: Arch): MissingSection[] {
  const models: MissingSection[] = modelsFor(inf, arch)
    .filter(
      (model) => model.installSection !== '' && installSection(inf, model.installSection, arch) === undefined,
    )
    .map(({ installSection: section, line }) => ({ section, directive: 'model', line, infs: [] }));
  // An INF that an install section includes stays open for the sections beside it.
  const roots = installSections(inf, arch).flatMap(({ name }) =>
    withSuffixes(inf, name).map((section) => ({
      section,
      infs: [...includesOf(inf, name), ...includesOf(inf, section.name)],
    })),
  );
  const including = roots.filter(({ infs }) => infs.length > 0);
  const included = [
    ...new Map(including.flatMap(({ infs }) => infs).map((name) => [name.toLowerCase(), name])).values(),
  ];
  const alone = roots.filter(({ infs }) => infs.length === 0);
  const missing = [
    ...missingFrom(
      inf,
      arch,
      including.map(({ section }) => section),
    ).map((found) => ({ ...found, infs: included })),
    ...missingFrom(
      inf,
      arch,
      alone.map(({ section }) => section),
    ).map((found) => ({ ...found, infs: [] })),
    ...models,
  ];
  // The last one stays: what no included INF can have goes before what one can.
  const once = new Map(missing.map((found) => [`${found.line} ${found.section}`, found]));
  return [...once.values()].sort((a, b) => a.line - b.line);
}

/** Returns the sections with directives that install sections of an architecture lead to, each once. */
export function reachedSections(inf: Inf, arch: Arch): InfSection[] {
  const roots = installSections(inf, arch).flatMap(({ name }) => withSuffixes(inf, name));
  return [...follow(inf, arch, roots).seen];
}

function missingFrom(inf: Inf, arch: Arch, sections: readonly InfSection[]) {
  return follow(inf, arch, sections).missing;
}

/** Follows references from sections to others, and notes those that the INF lacks. */
function follow(inf: Inf, arch: Arch, sections: readonly InfSection[]) {
  const missing: Omit<MissingSection, 'infs'>[] = [];
  const seen: Set<InfSection> = new Set(sections);
  // A set visits what is added during the loop.
  for (const section of seen) {
    for (const { directive, name, line, isList } of references(section)) {
      const key = directive.toLowerCase();
      const found = key === 'addinterface' ? installSection(inf, name, arch) : infSection(inf, name);
      if (found !== undefined && !isList) seen.add(found);
      const isElsewhere = key === 'needs' && includedInfs(inf).length > 0;
      if (found === undefined && !isElsewhere) missing.push({ section: name, directive, line });
    }
  }
  return { seen, missing };
}

/** Returns the distinct sections that a directive such as `CopyFiles` names anywhere in the INF, in file order. */
export function namedSections(inf: Inf, directive: string): InfSection[] {
  const names = [...inf.sections.values()].flatMap(({ name }) =>
    infEntries(inf, name, directive).flatMap(({ values }) => values),
  );
  return [...new Set(names.flatMap((name) => infSection(inf, name) ?? []))];
}

interface Reference {
  readonly directive: string;
  readonly name: string;
  readonly line: number;
  /** Whether it is a list of files or registry values, which names no section. */
  readonly isList: boolean;
}

/** Directives whose values are all names of lists. */
const listDirectives = new Set([
  'copyfiles',
  'delfiles',
  'renfiles',
  'addreg',
  'delreg',
  'bitreg',
  'logconfig',
  'addproperty',
  'delproperty',
  'updateinis',
  'updateinifields',
  'ini2reg',
  'registerdlls',
  'unregisterdlls',
  'profileitems',
]);

/** Directives whose values at these positions name sections with further directives. */
const sectionDirectives: ReadonlyMap<string, readonly number[]> = new Map([
  ['addservice', [2, 3]],
  ['addinterface', [2]],
  ['addcomponent', [2]],
  ['addsoftware', [2]],
  ['addfilter', [2]],
  ['kmdfservice', [1]],
  ['umdfservice', [1]],
  ['addeventprovider', [1]],
]);

function references({ entries }: InfSection): Reference[] {
  return entries.flatMap((entry) => {
    const key = entry.key?.toLowerCase() ?? '';
    const isList = listDirectives.has(key);
    return sectionNames(key, isList, entry)
      .filter((name) => name !== '' && !name.startsWith('@'))
      .map((name) => ({ directive: entry.key ?? '', name, line: entry.line, isList }));
  });
}

function sectionNames(key: string, isList: boolean, { values }: InfEntry): readonly string[] {
  return isList || key === 'needs'
    ? values
    : (sectionDirectives.get(key) ?? []).map((place) => values[place] ?? '');
}

function withSuffixes(inf: Inf, name: string): InfSection[] {
  const names = [name, ...installSuffixes.map((suffix) => `${name}.${suffix}`)];
  return names.flatMap((candidate) => infSection(inf, candidate) ?? []);
}
