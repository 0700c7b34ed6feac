import { planDisc } from '../collect/plan.ts';
import { indexSource } from '../collect/source-index.ts';
import { byCodeUnit } from '../core/order.ts';
import { globMatcher, nameOf } from '../core/paths.ts';
import { someOf } from '../core/text.ts';
import { type DriverFamily, hypervisorOf } from '../formats/windows/driver-family.ts';
import { driverSchema } from '../manifest/driver-schema.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type Release, releaseSchema } from '../manifest/release-schema.ts';
import type { SourceTree } from '../sources/define.ts';
import type { NewDriver, Recognised } from './recognise.ts';

/** What a person or an option says about the new release. */
export interface Answers {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly maintainer: string;
  /** `YYYY-MM-DD`: date of the first changelog entry. */
  readonly date: string;
}

/** Where the drivers come from, as a source of the release. */
export interface BuildSource {
  readonly type: 'directory' | 'archive' | 'iso';
  /** Relative to the release. */
  readonly path: string;
}

/** The keys of release.yaml, in their order. */
export type Draft = Readonly<Record<string, unknown>>;

/** Id of the source in the release, and the name of the folder of own drivers. */
export const sourceId = 'drivers';
export const driversFolder = 'drivers';

/** Licence id of drivers whose licence nothing says. */
export const unstatedLicense = 'LicenseRef-not-stated';

/** Longest label that leaves room for the suffix of the disc of symbols. */
const labelLength = 28;

/** Longest title, which is also the summary of the packages (Debian policy, 3.4.1). */
const titleLength = 79;

/** Returns a title that names as many drivers as have room. */
export function suggestedTitle(family: DriverFamily, drivers: readonly string[]): string {
  const start = `Windows drivers for ${hypervisorOf[family]} guests`;
  const titles = [5, 4, 3, 2, 1].map((most) => `${start}: ${someOf(drivers, most)}`);
  return titles.find((title) => title.length <= titleLength) ?? start;
}

/** Returns the release without what only a plan of the disc shows: ignored files and acceptances. */
export function firstDraft(answers: Answers, source: BuildSource, found: Recognised): Draft {
  const { name, version, title, maintainer, date } = answers;
  const label = `${name}-${version}`;
  return {
    name,
    version,
    title,
    ...(label.length > labelLength && { label: name.slice(0, labelLength) }),
    ...(found.family !== 'virtio' && { family: found.family }),
    ...(found.newDrivers.length > 0 && { drivers: driversFolder }),
    sources: { [sourceId]: source },
    ...(found.folders.length > 0 && { folders: found.folders }),
    ...(found.preferences.length > 0 && {
      prefer: found.preferences.map(({ driver, targets, folder, others }) => ({
        driver,
        targets,
        folder,
        reason: `first of several builds; the others: ${others.join(', ')}`,
      })),
    }),
    package: {
      name,
      maintainer,
      changelog: [{ version, date, changes: ['First release.'] }],
    },
  };
}

/** Returns a draft with the folders of drivers that a release has to name, although their paths name their Windows. */
export async function withNamedFolders(
  draft: Draft,
  manifest: Manifest,
  tree: SourceTree,
  found: Recognised,
): Promise<Draft> {
  const { claimed } = await planDisc(manifest, [indexSource(sourceId, tree)]);
  const unclaimed = found.named.filter(({ inf }) => !claimed(sourceId, inf));
  if (unclaimed.length === 0) return draft;
  const folders = [...found.folders, ...unclaimed.map(({ inf: _, ...folder }) => folder)];
  return withKeys(draft, { folders });
}

/** Returns a draft with the files that belong to no driver under `ignored`. */
export async function withIgnored(draft: Draft, manifest: Manifest, tree: SourceTree): Promise<Draft> {
  const { claimed } = await planDisc(manifest, [indexSource(sourceId, tree)]);
  const isClaimed = (path: string) => claimed(sourceId, path);
  const ignored = patternsOf(
    tree.files.map(({ path }) => path),
    isClaimed,
  ).map((pattern) => ({ pattern, reason: 'belongs to no driver of the build' }));
  return ignored.length === 0 ? draft : withKeys(draft, { ignored });
}

/** Adds or replaces keys before `package`, the last one. */
export function withKeys({ package: packaged, ...draft }: Draft, keys: Draft): Draft {
  return { ...draft, ...keys, package: packaged };
}

/** Returns globs that match all unclaimed paths and no claimed one: whole folders, names of a kind, else single files. */
export function patternsOf(paths: readonly string[], isClaimed: (path: string) => boolean): string[] {
  const claimed = paths.filter(isClaimed);
  const patterns = new Set<string>();
  for (const path of paths.filter((each) => !isClaimed(each))) {
    if ([...patterns].some((pattern) => globMatcher(pattern)(path))) continue;
    const folders = path.split('/').slice(0, -1);
    const ending = /\.[0-9A-Za-z_]+$/.exec(nameOf(path))?.[0];
    const candidates = [
      ...folders.map((_, depth) => `${quoted(folders.slice(0, depth + 1).join('/'))}/**`),
      ...(ending === undefined ? [] : [`*${ending}`]),
      quoted(nameOf(path)),
      quoted(path),
    ];
    const fitting = candidates.find((pattern) => !claimed.some(globMatcher(pattern)));
    patterns.add(fitting ?? quoted(path));
  }
  return [...patterns].sort(byCodeUnit);
}

/** Escapes what globs give a meaning to. */
function quoted(path: string): string {
  return path.replace(/[\\*?[\]{}]/g, '\\$&');
}

/** Returns the manifest that a draft would be read as from `file`. */
export function manifestOf(
  draft: Draft,
  file: string,
  known: Pick<Manifest, 'drivers' | 'targets'>,
  newDrivers: readonly NewDriver[],
): Manifest {
  const release: Release = releaseSchema.parse(draft);
  const nowhere = { file, lines: new Map<string, number>() };
  const own = newDrivers.map((driver) => ({ ...driverSchema.parse(driverFile(driver)), file: nowhere }));
  return {
    release,
    releaseFile: nowhere,
    label: release.label ?? `${release.name}-${release.version}`,
    drivers: [...known.drivers, ...own],
    targets: known.targets,
    targetsFile: nowhere,
    fileLicenses: [],
    licensesFile: nowhere,
    licenseFiles: new Map(),
    metadataDir: '',
  };
}

/** Returns the keys of `drivers/<Driver>.yaml`. */
export function driverFile({ name, inf, boot, setup, family }: NewDriver): Draft {
  return {
    name,
    title: `driver ${name}`,
    ...(family !== 'virtio' && { family }),
    inf: [inf],
    ...(boot && { boot }),
    ...(setup && { setup }),
    license: unstatedLicense,
  };
}
