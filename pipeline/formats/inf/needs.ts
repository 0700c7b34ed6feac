import { type InboxSection, inboxSection } from '../windows/inbox-infs.ts';
import { type Inf, type InfSection, infEntries, infSection, oncePerInf } from './inf.ts';

/** Returns the INFs that `Include` names anywhere in the INF, in file order. */
export const includedInfs = oncePerInf((inf): readonly string[] => {
  const sections = [...inf.sections.keys()];
  return [...new Set(sections.flatMap((section) => includesOf(inf, section)))];
});

/** Returns the INFs that a section includes. */
export function includesOf(inf: Inf, section: string): string[] {
  return valuesOf(inf, section, 'Include');
}

/** Returns the sections that a section's `Needs` names, in this INF or another. */
export function needsOf(inf: Inf, section: string): string[] {
  return valuesOf(inf, section, 'Needs');
}

function valuesOf(inf: Inf, section: string, key: string): string[] {
  return infEntries(inf, section, key).flatMap(({ values }) => values.filter((value) => value !== ''));
}

/**
 * Returns the sections of these names and the sections of this INF that their `Needs` lead to, each once. Microsoft documents that Needs
 * entries cannot be nested; nested ones are followed too, so that no driver behind them is overlooked.
 */
export function withNeeded(inf: Inf, names: readonly string[]): InfSection[] {
  const found = new Set<InfSection>();
  const pending = names.toReversed();
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const section = infSection(inf, name);
    if (section === undefined || found.has(section)) continue;
    found.add(section);
    pending.push(...needsOf(inf, name).reverse());
  }
  return [...found];
}

/** Returns whether a section needs the section of the same name in an INF that it includes, as chipset INFs do with NO_DRV of machine.inf. */
export function needsNamesake(inf: Inf, section: string): boolean {
  const needed = needsOf(inf, section).map((name) => name.toLowerCase());
  return includesOf(inf, section).length > 0 && needed.includes(section.toLowerCase());
}

/** Returns what is known of a section of the INFs that this INF includes; undefined when nothing is. */
export function includedSection(
  inf: Inf,
  section: string,
): (InboxSection & { readonly inf: string }) | undefined {
  return inboxSection(includedInfs(inf), section);
}

/** Returns the names, in lower case, of the sections that hold or whose `Needs` lead to one that holds. */
export function leadingTo(inf: Inf, holds: (name: string) => boolean): Set<string> {
  const needing = new Map<string, string[]>();
  for (const section of inf.sections.keys()) {
    for (const needed of needsOf(inf, section)) {
      const known = needing.get(needed.toLowerCase()) ?? [];
      known.push(section);
      needing.set(needed.toLowerCase(), known);
    }
  }
  const found = new Set([...inf.sections.keys(), ...needing.keys()].filter(holds));
  // A set visits what is added during the loop.
  for (const section of found) for (const other of needing.get(section) ?? []) found.add(other);
  return found;
}
