import { quoted, refusal, type Subject } from '../core/refusal.ts';
import { debVersion, readDebMembers } from '../formats/deb/members.ts';
import { withRandomAccess } from '../formats/random-access.ts';
import type { TarEntry } from '../formats/tar/read.ts';
import { scriptNames } from '../package/host/scripts.ts';
import { bad } from './checks.ts';
import type { DebFiles } from './read-package.ts';
import type { Check } from './verification-schema.ts';

/** Throws unless the package has exactly the members that pvdisc writes; deb(5) allows others. */
export async function requireDebMembers(file: string, subject: Subject): Promise<void> {
  const { members, version } = await withRandomAccess(file, (deb) => readDebMembers(deb, subject));
  const names = members.map(({ name }) => name);
  if (!/^debian-binary control\.tar(\.\w+)? data\.tar(\.\w+)?$/.test(names.join(' '))) {
    const found = names.map(quoted).join(', ');
    throw refusal(
      subject,
      `its members are ${found}; a package of pvdisc has debian-binary, control.tar and data.tar, in this order`,
    );
  }
  if (version !== debVersion)
    throw refusal(subject, `its debian-binary says ${quoted(version)}, expected ${quoted(debVersion)}`);
}

/** Checks the properties that all packages of pvdisc share: owners, modes, locations and control files. */
export function structureProblems({ dataEntries, controlEntries, control }: DebFiles, name: string): Check[] {
  return [
    ...dataEntries.flatMap((entry) => entryProblems(entry, fileModes, `${name}/${entry.path}`)),
    ...dataEntries.flatMap((entry) => placeProblem(entry, name)),
    ...controlEntries.flatMap((entry) => controlProblems(entry, name)),
    ...(control.has('control') ? [] : [bad(name, 'has no control file')]),
  ];
}

/** Modes of discs, other files and commands. */
const fileModes = [0o444, 0o644, 0o755];

function entryProblems({ kind, mode, owner }: TarEntry, modes: readonly number[], place: string): Check[] {
  const expected = kind === 'folder' ? [0o755] : modes;
  return [
    ...(expected.includes(mode) ? [] : [bad(place, `has mode ${octal(mode)}, expected ${octals(expected)}`)]),
    ...(owners.has(owner) ? [] : [bad(place, `belongs to ${quoted(owner)}, expected root`)]),
  ];
}

const owners: ReadonlySet<string> = new Set(['0:0 root:root', '0:0 :']);

const octal = (mode: number) => mode.toString(8).padStart(4, '0');
const octals = (modes: readonly number[]) => modes.map(octal).join(' or ');

/** Accepts the parent folders of the data folder. */
function placeProblem({ path, kind }: TarEntry, name: string): Check[] {
  const isBelow = path.startsWith(dataFolder) || (kind === 'folder' && dataFolder.startsWith(`${path}/`));
  if (isBelow || path === '') return [];
  return [bad(`${name}/${path}`, `is outside ${dataFolder}, the folder of all files in packages of pvdisc`)];
}

const dataFolder = 'usr/share/';

function controlProblems(entry: TarEntry, name: string): Check[] {
  const { path } = entry;
  const place = `${name}/${path}`;
  if (entry.kind === 'folder') return path === '' ? entryProblems(entry, [], place) : [unknownControl(place)];
  if (path === 'control' || path === 'md5sums') return entryProblems(entry, [0o644], place);
  if (isScript(path)) return entryProblems(entry, [0o755], place);
  return [unknownControl(place)];
}

function isScript(path: string): boolean {
  return scriptNames.some((script) => script === path);
}

function unknownControl(place: string): Check {
  return bad(place, 'is not a control file of packages of pvdisc');
}
