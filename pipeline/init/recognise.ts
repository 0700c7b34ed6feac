import { driverOfInf } from '../collect/folder-target.ts';
import { packageTree } from '../collect/undescribed-tree.ts';
import type { RunContext } from '../core/context.ts';
import { groupBy } from '../core/group-by.ts';
import { byCodeUnit } from '../core/order.ts';
import { folderOf, nameOf } from '../core/paths.ts';
import type { Inf } from '../formats/inf/inf.ts';
import { modelIds, modelsSections } from '../formats/inf/models.ts';
import { selectModels } from '../formats/inf/select.ts';
import { driverVersion, versionFacts } from '../formats/inf/version.ts';
import { parseInfOnce } from '../formats/parse-once.ts';
import { type DriverFamily, familyOfId } from '../formats/windows/driver-family.ts';
import { parseHardwareId } from '../formats/windows/hardware-id.ts';
import type { Arch } from '../formats/windows/targets.ts';
import type { DriverEntry, Manifest } from '../manifest/manifest.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import { targetPath, unknown } from '../model/target.ts';
import { type SourceTree, storedBytes } from '../sources/define.ts';
import { readStored } from '../system/stored-bytes.ts';

/** A driver that pvdisc does not know: what its file in `drivers/` says. */
export interface NewDriver {
  readonly name: string;
  readonly inf: string;
  /** Of a setup class of disks, so that Windows Setup may need it. */
  readonly boot: boolean;
  readonly setup: boolean;
  readonly family: DriverFamily;
}

/** A folder whose path names no Windows, and the targets that its INF installs on. */
export interface ProposedFolder {
  readonly driver: string;
  readonly folder: string;
  readonly targets: readonly string[];
}

/** One of several folders that hold a driver for the same targets. */
export interface ProposedPreference extends ProposedFolder {
  readonly others: readonly string[];
}

/** What a driver build holds, before anything is written about it. */
export interface Recognised {
  readonly infs: number;
  /** Names of all drivers, known and new, sorted. */
  readonly drivers: readonly string[];
  /** Targets of all drivers, in the order of targets.yaml. */
  readonly targets: readonly string[];
  readonly newDrivers: readonly NewDriver[];
  /** xenpv for drivers of devices of Xen alone; the check refuses a build with drivers of both families. */
  readonly family: DriverFamily;
  readonly folders: readonly ProposedFolder[];
  /** Folders whose path names their Windows, and one INF of the driver in each. */
  readonly named: readonly (ProposedFolder & { readonly inf: string })[];
  readonly preferences: readonly ProposedPreference[];
  /** Folders with an INF that installs on no Windows that pvdisc knows. */
  readonly useless: readonly string[];
  /** The driver version that all INFs have, if it is one. */
  readonly version?: string;
}

/** A driver in a folder, for one target. */
interface Place {
  readonly driver: string;
  readonly folder: string;
  readonly inf: string;
  readonly target: string;
  readonly proposed: boolean;
}

/** Finds the drivers of a build by their INFs, and their targets by the folders, else by the models of the INFs. */
export async function recognise(
  source: SourceTree,
  known: Pick<Manifest, 'drivers' | 'targets'>,
  context: Pick<RunContext, 'signal'>,
): Promise<Recognised> {
  const { tree } = await packageTree(source, known, context);
  const infs = await readInfs(source, new Set(tree.packages.map(({ inf }) => inf)));
  const places = tree.packages.flatMap(({ driver, target, inf }): Place[] => {
    const at = { driver: driverName(driver), folder: folderOf(inf), inf };
    if (target.os !== unknown) return [{ ...at, target: targetPath(target), proposed: false }];
    const rows = installableTargets(infs.get(inf), target.arch, known.targets);
    return rows.map((row) => ({ ...at, target: targetPath(row), proposed: true }));
  });
  const { folders, named, preferences } = settle(places);
  const order = known.targets.map(targetPath);
  const used = new Set(places.map(({ folder }) => folder));
  const allFolders = [...new Set(tree.packages.map(({ inf }) => folderOf(inf)))];
  const versions = new Set([...infs.values()].map((inf) => driverVersion(inf)?.version));
  const [version] = versions;
  const family = familyOf(infs);
  return {
    infs: infs.size,
    drivers: [...new Set(places.map(({ driver }) => driver))].sort(byCodeUnit),
    targets: order.filter((name) => places.some(({ target }) => target === name)),
    newDrivers: newDrivers(infs, known.drivers, family),
    family,
    folders,
    named,
    preferences,
    useless: allFolders.filter((folder) => !used.has(folder)).sort(byCodeUnit),
    ...(versions.size === 1 && version !== undefined && { version }),
  };
}

async function readInfs(source: SourceTree, paths: ReadonlySet<string>): Promise<Map<string, Inf>> {
  const infs = new Map<string, Inf>();
  for (const file of source.files)
    if (paths.has(file.path)) infs.set(file.path, parseInfOnce(await readStored(storedBytes(file))));
  return infs;
}

/** Returns the family of the devices that the INFs claim; virtio where they claim none of Xen alone. */
function familyOf(infs: ReadonlyMap<string, Inf>): DriverFamily {
  const models = [...infs.values()].flatMap(modelsSections).flatMap((section) => section.models);
  const families = new Set(models.flatMap(modelIds).map((id) => familyOfId(parseHardwareId(id))));
  return families.has('xenpv') && !families.has('virtio') ? 'xenpv' : 'virtio';
}

function newDrivers(
  infs: ReadonlyMap<string, Inf>,
  drivers: readonly DriverEntry[],
  family: DriverFamily,
): NewDriver[] {
  const found = new Map<string, NewDriver>();
  for (const [path, inf] of infs) {
    const name = nameOf(path);
    if (driverOfInf(name, drivers) !== undefined) continue;
    const { class: setupClass = '' } = versionFacts(inf);
    const boot = /^(?:scsiadapter|hdc|diskdrive)$/i.test(setupClass);
    const setup = /^net$/i.test(setupClass);
    const driver = driverName(name.replace(/\.inf$/i, ''));
    found.set(name.toLowerCase(), { name: driver, inf: name, boot, setup, family });
  }
  return [...found.values()].sort((a, b) => byCodeUnit(a.name, b.name));
}

/** A driver's name is a folder on the disc. */
function driverName(stem: string): string {
  return stem.replace(/[^0-9A-Za-z._-]/g, '-').replace(/^[^0-9A-Za-z]+/, '') || 'driver';
}

function installableTargets(inf: Inf | undefined, arch: Arch, rows: readonly TargetRow[]): TargetRow[] {
  if (inf === undefined) return [];
  return rows.filter((row) => {
    const [major = 0, minor = 0, build = 0] = row.version.split('.').map(Number);
    const productType = row.product === 'server' ? 3 : 1;
    const guest = { major, minor, build, productType, suite: 0, arch: row.arch };
    return row.arch === arch && selectModels(inf, guest).some(({ models }) => models.length > 0);
  });
}

/** A folder whose path names its Windows comes before one with proposed targets, a release build before a debug build. */
function settle(places: readonly Place[]): Pick<Recognised, 'folders' | 'named' | 'preferences'> {
  const losers = new Map<string, Place[]>();
  const winners: Place[] = [];
  for (const rivals of groupBy(places, ({ driver, target }) => `${driver}/${target}`).values()) {
    const rank = ({ proposed, folder }: Place) =>
      `${Number(proposed)}${Number(/debug|chk/i.test(folder))}${folder}`;
    const [winner, ...others] = rivals.toSorted((a, b) => byCodeUnit(rank(a), rank(b)));
    if (winner === undefined) continue;
    winners.push(winner);
    const lost = others.filter(({ folder, proposed }) => !proposed && folder !== winner.folder);
    if (lost.length > 0) losers.set(`${winner.driver}/${winner.target}`, lost);
  }
  const folders = byFolder(winners.filter(({ proposed }) => proposed));
  const preferences = byFolder(winners.filter(({ driver, target }) => losers.has(`${driver}/${target}`))).map(
    (preferred) => ({
      ...preferred,
      others: [
        ...new Set(
          preferred.targets.flatMap((target) =>
            (losers.get(`${preferred.driver}/${target}`) ?? []).map(({ folder }) => folder),
          ),
        ),
      ].sort(byCodeUnit),
    }),
  );
  const named = byFolder(winners.filter(({ proposed }) => !proposed)).map((found) => ({
    ...found,
    inf: winners.find(({ driver, folder }) => driver === found.driver && folder === found.folder)?.inf ?? '',
  }));
  return { folders, named, preferences };
}

function byFolder(places: readonly Place[]): ProposedFolder[] {
  return [...groupBy(places, ({ driver, folder }) => `${driver}\0${folder}`).values()]
    .map((group) => ({
      driver: group[0]?.driver ?? '',
      folder: group[0]?.folder ?? '',
      targets: group.map(({ target }) => target),
    }))
    .sort((a, b) => byCodeUnit(a.folder, b.folder) || byCodeUnit(a.driver, b.driver));
}
