import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PipelineError, type Problem } from '../core/errors.ts';
import { nearName } from '../core/near-name.ts';
import { byCodeUnit } from '../core/order.ts';
import { type KeyPath, placeInFile } from '../core/place.ts';
import { exists } from '../system/files.ts';
import { toolRoot } from '../system/own.ts';
import { nearbyHint } from '../system/path-kind.ts';
import { type Driver, driverSchema } from './driver-schema.ts';
import { fewOfAKind } from './few-problems.ts';
import { licensesSchema } from './licenses-schema.ts';
import type { DriverEntry, Manifest } from './manifest.ts';
import { type Release, releaseSchema } from './release-schema.ts';
import { checkManifest } from './rules.ts';
import { targetsSchema } from './targets-schema.ts';
import { withUpstreamDisc } from './upstream-disc.ts';
import { readYamlFile, type YamlFile } from './yaml-file.ts';

/** Folder with the metadata of pvdisc's own packages. */
export const ownMetadataDir = join(toolRoot, 'debian');

/** Reads a release, a file or the name of one that comes with pvdisc, with its drivers and targets; throws one error with every problem of every file. */
export async function readManifest(file: string): Promise<Manifest> {
  const releaseYaml = await readYamlFile(await releaseFileOf(file), releaseSchema);
  const folder = manifestFolder(releaseYaml);
  const targetsYaml = await readYamlFile(join(folder, 'targets.yaml'), targetsSchema);
  const licensesYaml = await readYamlFile(join(folder, 'licenses.yaml'), licensesSchema);
  const own = ownDriversFolder(releaseYaml);
  const driverYamls = [
    ...(await readDrivers(join(folder, 'drivers'), manifestHint)),
    ...(own === undefined ? [] : await readOwnDrivers(own, releaseYaml)),
  ];
  const problems = [releaseYaml, targetsYaml, licensesYaml, ...driverYamls].flatMap((yaml) => yaml.problems);
  if (problems.length > 0 || releaseYaml.value === undefined) throw new PipelineError('input', problems);
  const { release, upstream } = await withUpstreamDisc(releaseYaml.value, releaseYaml, folder);
  const manifest: Manifest = {
    release,
    ...(upstream !== undefined && { upstream }),
    releaseFile: { file: releaseYaml.file, lines: releaseYaml.lines },
    label: release.label ?? `${release.name}-${release.version}`,
    drivers: withoutReplaced(driverEntries(driverYamls), own),
    targets: targetsYaml.value?.targets ?? [],
    targetsFile: { file: targetsYaml.file, lines: targetsYaml.lines },
    fileLicenses: licensesYaml.value?.files ?? [],
    licensesFile: { file: licensesYaml.file, lines: licensesYaml.lines },
    licenseFiles: new Map([
      ...(await licenseFiles(join(folder, 'licenses'))),
      ...(own === undefined ? [] : await licenseFiles(join(own, 'licenses'))),
    ]),
    metadataDir: resolve(dirname(releaseYaml.file), release.package.metadata ?? ownMetadataDir),
  };
  const crossField = checkManifest(manifest);
  if (crossField.length > 0) throw new PipelineError('input', fewOfAKind(crossField));
  return manifest;
}

/** Returns the path of a release: a word that names no file is a release that comes with pvdisc, such as sample. */
async function releaseFileOf(given: string): Promise<string> {
  if (!/^[\w-]+$/.test(given) || (await exists(given))) return resolve(given);
  const folder = join(toolRoot, 'drivers-manifest/releases');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort(byCodeUnit);
  const names = files.map((name) => name.slice(0, -'.yaml'.length));
  if (names.includes(given)) return join(folder, `${given}.yaml`);
  const near = nearName(given, names);
  throw new PipelineError('input', {
    place: given,
    message: 'no such file, and no release of pvdisc',
    hint: `${near === undefined ? '' : `did you mean "${near}"? `}name a YAML file, or one of ${names.join(', ')}`,
  });
}

/** Reads the drivers and targets that come with pvdisc, to judge files that no release describes. */
export async function readOwnTables(): Promise<Pick<Manifest, 'drivers' | 'targets'>> {
  const folder = join(toolRoot, 'drivers-manifest');
  const targetsYaml = await readYamlFile(join(folder, 'targets.yaml'), targetsSchema);
  const driverYamls = await readDrivers(join(folder, 'drivers'), manifestHint);
  const problems = [targetsYaml, ...driverYamls].flatMap((yaml) => yaml.problems);
  if (problems.length > 0) throw new PipelineError('input', problems);
  return { drivers: driverEntries(driverYamls), targets: targetsYaml.value?.targets ?? [] };
}

/** Returns the place of a value of the release file, for errors. */
export function releasePlace(manifest: Pick<Manifest, 'releaseFile'>, ...path: KeyPath): string {
  return placeInFile(manifest.releaseFile, path);
}

function driverEntries(yamls: readonly YamlFile<Driver>[]): DriverEntry[] {
  return yamls.flatMap(({ value, file, lines }) => (value ? [{ ...value, file: { file, lines } }] : []));
}

/** The folder is known even where the release has problems, so that those of the other files are told with them. */
function manifestFolder(release: YamlFile<Release>): string {
  const own = join(toolRoot, 'drivers-manifest');
  const { manifest } = (release.written ?? {}) as { manifest?: unknown };
  return resolve(dirname(release.file), typeof manifest === 'string' ? manifest : own);
}

/** Returns the folder that `drivers` of a release names, if any, also where the release has problems. */
function ownDriversFolder(release: YamlFile<Release>): string | undefined {
  const { drivers } = (release.written ?? {}) as { drivers?: unknown };
  return typeof drivers === 'string' ? resolve(dirname(release.file), drivers) : undefined;
}

/** Leaves out the drivers that one of the same name in the release's own folder replaces. */
function withoutReplaced(drivers: readonly DriverEntry[], own: string | undefined): DriverEntry[] {
  const isOwn = ({ file }: DriverEntry) => dirname(file.file) === own;
  const replaced = new Set(drivers.filter(isOwn).map(({ name }) => name));
  return drivers.filter((driver) => isOwn(driver) || !replaced.has(driver.name));
}

async function licenseFiles(folder: string): Promise<[id: string, file: string][]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.txt'))
    .map((name) => [name.slice(0, -'.txt'.length), join(folder, name)]);
}

const manifestHint =
  'the folder that "manifest" names must hold drivers/, licenses/, licenses.yaml and targets.yaml';
const driversHint = 'the folder that "drivers" names must hold <Driver>.yaml files: see pvdisc schema driver';

/** Reads the drivers of a release's own folder; where there is none, the problem is at the line that names it. */
async function readOwnDrivers(folder: string, release: YamlFile<Release>): Promise<YamlFile<Driver>[]> {
  if (await exists(folder)) return readDrivers(folder, driversHint);
  const problem: Problem = {
    place: placeInFile(release, ['drivers']),
    message: `no such folder: ${folder}`,
    hint: `${await nearbyHint(folder)}${driversHint}`,
  };
  return [{ file: folder, problems: [problem], lines: new Map() }];
}

async function readDrivers(folder: string, hint: string): Promise<YamlFile<Driver>[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    const problem: Problem = {
      place: folder,
      message: `cannot be read: ${(error as Error).message}`,
      hint,
    };
    return [{ file: folder, problems: [problem], lines: new Map() }];
  }
  const yamls = names.filter((name) => name.endsWith('.yaml')).sort(byCodeUnit);
  return Promise.all(yamls.map((name) => readYamlFile(join(folder, name), driverSchema)));
}
