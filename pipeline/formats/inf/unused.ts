import { type Inf, type InfSection, infEntries, oncePerInf } from './inf.ts';
import { replaceStrings } from './lines.ts';
import { modelsSections, parseDecoration } from './models.ts';
import { installSuffixes } from './references.ts';

/** Sections that Windows looks up by name (Microsoft, "Summary of INF Sections"); lower case. */
const wellKnownSections = new Set([
  'version',
  'manufacturer',
  'strings',
  'sourcedisksnames',
  'sourcedisksfiles',
  'destinationdirs',
  'controlflags',
  'signatureattributes',
  'defaultinstall',
  'defaultuninstall',
  'classinstall32',
  'interfaceinstall32',
  'beginwmi',
]);

/** Returns the sections that neither Windows nor a line of the INF refers to, in file order. */
export const unusedSections = oncePerInf((inf): readonly InfSection[] => {
  const named = new Set(modelsSections(inf).map(({ section }) => section.toLowerCase()));
  for (const [section, { entries }] of inf.sections) {
    if (isStrings(section) || section === 'manufacturer') continue;
    for (const value of entries.flatMap(({ values }) => values)) named.add(value.toLowerCase());
  }
  return [...inf.sections]
    .filter(([name]) => !basesOf(name).some((base) => wellKnownSections.has(base) || named.has(base)))
    .map(([, section]) => section);
});

/** Returns the keys of `[Strings]` that the INF does not use, with their lines, in file order. */
export function unusedStrings(inf: Inf): { readonly key: string; readonly line: number }[] {
  const used = usedStrings(inf);
  return [...inf.strings].flatMap(([key, { line }]) => (used.has(key) ? [] : [{ key, line }]));
}

/** Returns the tokens that lines outside `[Strings]` name, in lower case. */
export function usedStrings(inf: Inf): Set<string> {
  const used = new Set<string>();
  const note = (token: string): undefined => {
    used.add(token.toLowerCase());
  };
  for (const section of inf.sections.keys()) {
    if (isStrings(section)) continue;
    for (const { raw } of infEntries(inf, section)) {
      for (const text of [raw.key ?? '', ...raw.values]) replaceStrings(text, note);
    }
  }
  return used;
}

/** Returns whether a section, by its lower-case name, is `[Strings]` or one of its translations. */
export function isStrings(section: string): boolean {
  return section === 'strings' || section.startsWith('strings.');
}

/** Returns a section's name, and the name without suffixes that Windows appends. */
function basesOf(name: string): string[] {
  if (isStrings(name)) return ['strings'];
  const bases = [name];
  for (let base = name; ; ) {
    const dot = base.lastIndexOf('.');
    if (dot < 0 || !appendedSuffixes.has(base.slice(dot + 1))) break;
    base = base.slice(0, dot);
    bases.push(base);
  }
  const undecorated = bases.flatMap((base) => {
    const decorated = /^(.+?)\.(nt.*)$/.exec(base);
    return decorated?.[1] !== undefined && parseDecoration(decorated[2] ?? '') ? [decorated[1]] : [];
  });
  return [...bases, ...undecorated];
}

/** Suffixes of install sections, and the architectures of `[SourceDisksNames]` and `[SourceDisksFiles]`. */
const appendedSuffixes = new Set([...installSuffixes, 'x86', 'ia64', 'amd64', 'arm', 'arm64']);
