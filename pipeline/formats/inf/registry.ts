import type { Arch } from '../windows/targets.ts';
import { type Inf, type InfEntry, infEntries } from './inf.ts';
import { installSection } from './install.ts';
import { infNumber } from './lines.ts';
import { withNeeded } from './needs.ts';

/** A registry value or key that an INF writes or deletes. */
export interface InfRegistryEntry {
  /** What the INF installs with it, which is also what `HKR` stands for: `driver`, `device`, `class`, `service NAME` … */
  readonly of: string;
  /** Root and subkey: `HKR\Parameters`. */
  readonly key: string;
  /** Name of the value; empty for the key itself or its default value. */
  readonly name: string;
  /** Type and data as written: `dword 1`; absent for what `DelReg` deletes. */
  readonly value?: string;
}

/** A hostile INF can name a long list in thousands of sections; real ones write less than 1,000 values. */
const maxEntries = 10_000;

/** Returns what `AddReg` and `DelReg` of these install sections, their devices, services, interfaces and classes name, at most 10,000. */
export function registryOf(inf: Inf, arch: Arch, installs: readonly string[]): InfRegistryEntry[] {
  const found: InfRegistryEntry[] = [];
  const seen = new Set<string>();
  for (const { of, section } of registrySections(inf, arch, installs)) {
    for (const directive of ['AddReg', 'DelReg'] as const) {
      for (const list of infEntries(inf, section, directive).flatMap(({ values }) => values)) {
        const key = [of, directive, list].join('\0').toLowerCase();
        if (seen.has(key)) continue;
        seen.add(key);
        for (const entry of infEntries(inf, list)) {
          if (found.length === maxEntries) return found;
          found.push({ of, ...(directive === 'AddReg' ? addedEntry(entry) : deletedEntry(entry)) });
        }
      }
    }
  }
  return found;
}

interface RegistrySection {
  readonly of: string;
  readonly section: string;
}

/** The sections beside an install section, and those that they name (Microsoft, "INF AddReg Directive"). */
function registrySections(inf: Inf, arch: Arch, installs: readonly string[]): RegistrySection[] {
  const beside = (suffix: string) =>
    withNeeded(
      inf,
      installs.map((name) => name + suffix),
    ).map(({ name }) => name);
  const named = (suffix: string, directive: string) =>
    beside(suffix).flatMap((section) => infEntries(inf, section, directive).map(({ values }) => values));
  const classInstall = installSection(inf, 'ClassInstall32', arch);
  return [
    ...beside('').map((section) => ({ of: 'driver', section })),
    ...beside('.HW').map((section) => ({ of: 'device', section })),
    ...beside('.CoInstallers').map((section) => ({ of: 'co-installer', section })),
    ...named('.Services', 'AddService').flatMap(([service = '', , section = '', log = '']) => [
      { of: `service ${service}`, section },
      { of: `event log of ${service}`, section: log },
    ]),
    ...named('.Interfaces', 'AddInterface').flatMap(([guid = '', , name = '']) => ({
      of: `interface ${guid}`,
      section: installSection(inf, name, arch)?.name ?? '',
    })),
    ...(classInstall === undefined ? [] : [{ of: 'class', section: classInstall.name }]),
  ];
}

function addedEntry(entry: InfEntry): Omit<InfRegistryEntry, 'of'> {
  const flags = infNumber(entry.values[3]) ?? 0;
  const data = entry.values
    .slice(4)
    .map((value) => (isNumber(flags) ? String(infNumber(value) ?? value) : value));
  return { ...deletedEntry(entry), value: [typeWord(flags), ...data].join(' ') };
}

function deletedEntry({
  values: [root = '', subkey = '', name = ''],
}: InfEntry): Omit<InfRegistryEntry, 'of'> {
  return { key: subkey === '' ? root : `${root}\\${subkey}`, name };
}

/** The bits of the type among the flags (Microsoft, "INF AddReg Directive", FLG_ADDREG_TYPE_MASK). */
const typeMask = 0xffff0001;

const typeWords: ReadonlyMap<number, string> = new Map([
  [0x0, 'text'],
  [0x1, 'binary'],
  [0x10000, 'list'],
  [0x10001, 'dword'],
  [0x20000, 'path'],
  [0x20001, 'none'],
  [0xb0001, 'qword'],
]);

function isNumber(flags: number): boolean {
  const type = typeWords.get((flags & typeMask) >>> 0);
  return type === 'dword' || type === 'qword';
}

/** Returns the type, and the other flags in hex: `dword`, `text+0x2`. */
function typeWord(flags: number): string {
  const type = (flags & typeMask) >>> 0;
  const others = (flags & ~typeMask) >>> 0;
  const word = typeWords.get(type) ?? `type 0x${type.toString(16)}`;
  return others === 0 ? word : `${word}+0x${others.toString(16)}`;
}
