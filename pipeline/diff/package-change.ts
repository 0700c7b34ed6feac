import { byCodeUnit } from '../core/order.ts';
import { folderOf, nameOf } from '../core/paths.ts';
import { unknown } from '../model/target.ts';
import { fileChanges, idChanges, type Named, valueChanges } from './changes.ts';
import type { PackageChange } from './comparison-schema.ts';
import type { Pair } from './pair.ts';
import type { SideFile, SidePackage } from './side.ts';
import { compareDriverVer } from './version.ts';

/** Returns the files of a package on one side. */
export type FilesOf = (found: SidePackage) => readonly SideFile[];

/** Returns what differs between the two packages of a pair; undefined if nothing does. */
export function packageChange(
  { from, to }: Pair,
  [oldFiles, newFiles]: readonly [FilesOf, FilesOf],
): PackageChange | undefined {
  const some = from ?? to;
  if (some === undefined) return undefined;
  const both = from !== undefined && to !== undefined;
  const [before, after] = [from && relative(from, oldFiles(from)), to && relative(to, newFiles(to))];
  const driverVer = { ...fromTo(from?.driverVer, to?.driverVer) };
  const { by, outranked } = compareDriverVer(from?.driverVer, to?.driverVer);
  const details = {
    facts: valueChanges(factsOf(from), factsOf(to)),
    hardwareIds: both && knowsIds(from) && knowsIds(to) ? idChanges(idsOf(from), idsOf(to)) : noIds(),
    install: both ? installChanges(from, to) : { services: [], registry: [], files: [] },
    files: both ? fileChanges(before ?? [], after ?? []) : [],
  };
  const sameVersion = driverVer.from === driverVer.to;
  if (both && sameVersion && isEmpty(details)) return undefined;
  const isResigned =
    sameVersion &&
    details.files.length > 0 &&
    details.files.every((file) => file.signatureOnly) &&
    (from?.signature === 'unsigned') === (to?.signature === 'unsigned');
  const change = !both
    ? from === undefined
      ? 'added'
      : 'removed'
    : by > 0
      ? 'upgraded'
      : by < 0
        ? 'downgraded'
        : isResigned
          ? 'resigned'
          : 'changed';
  const [driver = ''] = [from?.driver, to?.driver].flatMap((name) => name ?? []).sort(byCodeUnit);
  return {
    driver,
    target: some.target,
    inf: fromTo(from?.inf, to?.inf),
    change,
    driverVer,
    outranked,
    ...details,
    bytes: fromTo(before && sizeOf(before), after && sizeOf(after)),
  };
}

function fromTo<Value>(from: Value | undefined, to: Value | undefined): { from?: Value; to?: Value } {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function isEmpty(details: Pick<PackageChange, 'facts' | 'hardwareIds' | 'install' | 'files'>): boolean {
  const { facts, hardwareIds, install, files } = details;
  const lists = [facts, files, ...Object.values(hardwareIds), ...Object.values(install)];
  return lists.every((list) => list.length === 0);
}

function relative(found: SidePackage, files: readonly SideFile[]): SideFile[] {
  return files.map((file) => ({ ...file, path: insideInfFolder(found, file.path) }));
}

/** Returns the path of a package's file relative to the folder of its INF. */
export function insideInfFolder({ inf }: SidePackage, path: string): string {
  const folder = folderOf(inf);
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

function sizeOf(files: readonly SideFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

function factsOf(found: SidePackage | undefined): Named {
  if (found === undefined) return [];
  const { name, provider, class: setupClass, signature, verdict, loads, target } = found;
  const uncovered = verdict.uncovered.map((path) => insideInfFolder(found, path)).sort(byCodeUnit);
  return [
    ['name', name],
    ['provider', provider],
    ['class', setupClass],
    ['signature', signature],
    ['signer', verdict.signer],
    ['timestamp', verdict.timestamp],
    ['catalog signature', verdict.integrity === 'broken' ? 'broken' : undefined],
    ['catalog lacks', uncovered.length === 0 ? undefined : uncovered.join(', ')],
    ['loads', loads ?? (target.os === unknown ? undefined : 'not installed')],
  ];
}

export function knowsIds({ hardwareIds }: SidePackage): boolean {
  return hardwareIds !== undefined;
}

/** Returns the hardware and compatible IDs of a package. */
export function idsOf({ hardwareIds = [], compatibleIds = [] }: SidePackage): string[] {
  return [...hardwareIds, ...compatibleIds];
}

function noIds(): PackageChange['hardwareIds'] {
  return { gained: [], lost: [] };
}

/** Compares what the INFs install; without it, as in a record, only the names of the services. */
function installChanges(from: SidePackage, to: SidePackage): PackageChange['install'] {
  if (from.install === undefined || to.install === undefined) {
    const services =
      from.services && to.services ? valueChanges(named(from.services), named(to.services)) : [];
    return { services, registry: [], files: [] };
  }
  return {
    services: valueChanges(serviceValues(from.install), serviceValues(to.install)),
    registry: valueChanges(registryValues(from.install), registryValues(to.install)),
    files: valueChanges(fileValues(from.install), fileValues(to.install)),
  };
}

function named(services: readonly string[]): Named {
  return services.map((name) => [name, 'function driver']);
}

type Install = NonNullable<SidePackage['install']>;

const startWords = ['boot', 'system', 'automatic', 'on demand', 'disabled'];

function serviceValues({ services }: Install): Named {
  return services.map((service) => [
    service.name === '' ? 'none (null driver)' : service.name,
    [
      service.start === undefined ? undefined : `start ${startWords[service.start] ?? service.start}`,
      service.type === undefined ? undefined : `type ${service.type}`,
      service.errorControl === undefined ? undefined : `error control ${service.errorControl}`,
      service.loadOrderGroup === undefined ? undefined : `group ${service.loadOrderGroup}`,
      service.function ? 'function driver' : undefined,
      service.binary,
    ]
      .filter((part) => part !== undefined)
      .join(', '),
  ]);
}

function registryValues({ registry }: Install): Named {
  return registry.map(({ of, key, name, value }) => [
    `${of}: ${key}${name === '' ? '' : `, ${name}`}`,
    value ?? 'deleted',
  ]);
}

function fileValues({ files }: Install): Named {
  return files.map(({ source, target }) => [target, nameOf(source.replaceAll('\\', '/')).toLowerCase()]);
}
