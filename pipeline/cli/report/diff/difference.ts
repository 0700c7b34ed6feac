import prettyBytes from 'pretty-bytes';
import { groupBy } from '../../../core/group-by.ts';
import { byCodeUnit } from '../../../core/order.ts';
import { nameOf } from '../../../core/paths.ts';
import { plural, printable } from '../../../core/text.ts';
import type { ComparedSide, Comparison, FileChange } from '../../../diff/comparison-schema.ts';
import type { TargetRow } from '../../../manifest/targets-schema.ts';
import { clean } from '../../../page/clean.ts';
import { lossLines } from './losses.ts';
import { type PackageGroup, packageGroups } from './package-groups.ts';

/** What each format shows of a comparison, as lines of plain text without control characters. */
export interface Difference {
  readonly old: string;
  readonly new: string;
  /** One sentence: what the exit code says. */
  readonly verdict: string;
  readonly lost: readonly string[];
  readonly gained: readonly string[];
  /** `3 upgraded, 1 removed`; empty without changed packages. */
  readonly counts: string;
  readonly sizes: string;
  readonly groups: readonly PackageGroup[];
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

/** Returns a comparison in the words and order of reports, without most of very long texts, such as an INF can hold. */
export function difference(whole: Comparison, targets: readonly TargetRow[]): Difference {
  const comparison = clean(whole);
  const { old, new: now, files } = comparison;
  return {
    old: sideText(old),
    new: sideText(now),
    verdict: verdictOf(comparison),
    lost: lossLines(comparison, 'lost', targets),
    gained: lossLines(comparison, 'gained', targets),
    counts: countsText(comparison),
    sizes: sizesText(old, now),
    groups: packageGroups(comparison, targets),
    files: fileLines(files),
    notes: notesOf(comparison),
  };
}

function sideText({ input, kind, name, version, packages, files }: ComparedSide): string {
  const named = name === undefined ? kind : `${kind} ${name} ${version ?? ''}`.trimEnd();
  return printable(`${input} (${named}): ${plural(packages, 'driver package')}, ${plural(files, 'file')}`);
}

function verdictOf({ identical, lost, counts, old, new: now }: Comparison): string {
  const packages = plural(old.packages, 'driver package');
  if (identical && old.files === now.files)
    return `No differences: ${packages} and ${plural(old.files, 'file')} are the same.`;
  // Several Windows can share a folder on one side, and have folders of their own on the other.
  if (identical)
    return `No differences: ${packages} are the same, in ${plural(old.files, 'file')} and in ${plural(now.files, 'file')}.`;
  if (lost) return 'NEW lacks what OLD has.';
  const { unchanged, ...changed } = counts;
  const total = Object.values(changed).reduce((sum, count) => sum + count, 0);
  return total === 0
    ? `Nothing is lost: the drivers are the same, only other files differ.`
    : 'Nothing is lost.';
}

/** The groups by what happened to them, under a title such as `Upgraded`. */
export interface TitledGroups {
  readonly change: PackageGroup['change'];
  readonly title: string;
  readonly groups: readonly PackageGroup[];
}

/** Returns the groups of packages by the kind of change, in the order of the difference. */
export function titledGroups({ groups }: Pick<Difference, 'groups'>): TitledGroups[] {
  return [...groupBy(groups, ({ change }) => change)].map(([change, of]) => {
    const word = changeWords[change];
    return { change, title: `${word.charAt(0).toUpperCase()}${word.slice(1)}`, groups: of };
  });
}

/** Returns whether neither a driver nor another file differs. */
export function isIdentical({ groups, files }: Difference): boolean {
  return groups.length === 0 && files.length === 0;
}

const changeWords: Readonly<Record<keyof Comparison['counts'], string>> = {
  added: 'added',
  removed: 'removed',
  upgraded: 'upgraded',
  downgraded: 'downgraded',
  resigned: 're-signed',
  changed: 'changed in the same version',
  unchanged: 'unchanged',
};

function countsText({ counts }: Comparison): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.map(([name, count]) => `${count} ${changeWords[name as keyof typeof changeWords]}`).join(', ');
}

function sizesText(old: ComparedSide, now: ComparedSide): string {
  const contents = `contents ${fromTo(old.bytes, now.bytes)}`;
  if (old.size === undefined || now.size === undefined || old.size === now.size) return contents;
  return `${contents}, file ${fromTo(old.size, now.size)}`;
}

function fromTo(from: number, to: number): string {
  if (from === to) return prettyBytes(from);
  return `${prettyBytes(from)} -> ${prettyBytes(to)} (${prettyBytes(to - from, { signed: true })})`;
}

/** Returns a line for each folder of other files with what happened to how many, or for the file itself. */
function fileLines(files: readonly FileChange[]): string[] {
  const groups = groupBy(files, ({ path }) => (path.includes('/') ? (path.split('/')[0] ?? '') : path));
  return [...groups]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .flatMap(([folder, group]) => {
      if (group.length <= 3)
        return group.map((file) => printable(`${signOf(file)} ${file.path}${sizeOf(file)}`));
      const signs = groupBy(group, signOf);
      return [...signs]
        .sort(([a], [b]) => byCodeUnit(a, b))
        .map(([sign, same]) => {
          const names = [...new Set(same.map(({ path }) => nameOf(path)))].slice(0, 3).join(', ');
          return printable(`${sign} ${folder}/: ${plural(same.length, 'file')}, such as ${names}`);
        });
    });
}

function signOf({ from, to }: FileChange): string {
  return from === undefined ? '+' : to === undefined ? '-' : '~';
}

function sizeOf({ from, to }: FileChange): string {
  if (from !== undefined && to !== undefined) return ` ${fromTo(from.size, to.size)}`;
  return ` ${prettyBytes((from ?? to)?.size ?? 0)}`;
}

function notesOf({ notCompared, old, new: now }: Comparison): string[] {
  const unread = (
    [
      ['OLD', old],
      ['NEW', now],
    ] as const
  ).flatMap(([side, { problems }]) =>
    problems.map(({ place, message }) => printable(`Unreadable in ${side}: ${place}: ${message}`)),
  );
  return [
    ...unread,
    ...(notCompared.includes('install')
      ? [
          'Not compared: registry values, service settings and destinations of INFs, which a record does not hold. Give the disc or the package.',
        ]
      : []),
    ...(notCompared.includes('hardware-ids')
      ? [
          'Not compared: hardware IDs, which the record of an older pvdisc does not hold. Give the disc or the package.',
        ]
      : []),
  ];
}
