import { groupBy } from '../core/group-by.ts';
import { byCodeUnit } from '../core/order.ts';
import { folderOf } from '../core/paths.ts';
import { driverVerParts, isoDate } from '../formats/inf/version.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import type { ReleaseRecord } from '../model/record.ts';
import type { RecordedFacts } from '../model/shared-schema.ts';
import { clean } from './clean.ts';
import { type LoadState, loadStateOf } from './load-state.ts';

export type RecordedFinding = ReleaseRecord['findings'][number];

/** A Windows version and architecture that the release has drivers for. */
export interface TargetView {
  readonly os: string;
  readonly arch: string;
  readonly windows: string;
}

/** A cell of the matrix: a driver package, or the lack of one; `id` numbers it in the page. */
export interface CellView {
  readonly id: number;
  readonly driver: string;
  readonly target: TargetView;
  readonly state: LoadState;
  readonly facts?: RecordedFacts;
  readonly version: string;
  readonly date: string;
  readonly folder: string;
  readonly findings: readonly RecordedFinding[];
}

export interface DriverView {
  readonly name: string;
  readonly title: string;
  readonly cells: readonly CellView[];
  /** Findings about the driver as a whole. */
  readonly findings: readonly RecordedFinding[];
}

/** The driver packages of a page; all texts are safe to display. */
export interface PackagesView {
  readonly targets: readonly TargetView[];
  readonly drivers: readonly DriverView[];
  readonly cells: readonly CellView[];
}

/** What a page shows of a release. */
export interface ReleaseView extends PackagesView {
  readonly record: ReleaseRecord;
}

/** The parts of a row of targets.yaml that a page needs. */
export type PageTarget = Pick<TargetRow, 'os' | 'arch' | 'windows' | 'version'>;

/** Returns what to show of a release; targets have the order of targets.yaml. */
export function releaseView(written: ReleaseRecord, rows: readonly PageTarget[]): ReleaseView {
  const record = clean(written);
  return { record, ...packagesView(record, rows) };
}

/** Returns what to show of driver packages whose texts are clean. */
export function packagesView(
  record: Pick<ReleaseRecord, 'drivers' | 'findings'>,
  rows: readonly PageTarget[],
): PackagesView {
  const targets = shownTargets(record.drivers, rows);
  const findings = findingsOf(record);
  const byDriver = groupBy(record.drivers, ({ driver }) => driver);
  const cells: CellView[] = [];
  const drivers = [...byDriver.keys()].sort(byCodeUnit).map((name): DriverView => {
    const packages = byDriver.get(name) ?? [];
    const own = targets.flatMap((target) => {
      const found = packages.filter(
        (facts) => facts.target.os === target.os && facts.target.arch === target.arch,
      );
      const all = found.length === 0 ? [undefined] : found;
      return all.map((facts) => {
        const cell = cellView(cells.length, name, target, facts, findings);
        cells.push(cell);
        return cell;
      });
    });
    const titles = packages.flatMap((facts) => facts.name ?? []);
    return { name, title: titles[0] ?? '', cells: own, findings: findings.get(name) ?? [] };
  });
  return { targets, drivers, cells };
}

function cellView(
  id: number,
  driver: string,
  target: TargetView,
  facts: RecordedFacts | undefined,
  findings: ReadonlyMap<string, readonly RecordedFinding[]>,
): CellView {
  if (facts === undefined)
    return { id, driver, target, state: 'missing', version: '', date: '', folder: '', findings: [] };
  const [date = '', version = ''] = driverVerParts(facts.driverVer ?? '');
  const folder = folderOf(facts.inf);
  return {
    id,
    driver,
    target,
    facts,
    state: loadStateOf(facts.loads),
    version,
    date: isoDate(date) ?? date,
    folder,
    findings: findings.get(folder) ?? [],
  };
}

/** Returns the targets of the drivers, in the order of the table and then by name. */
function shownTargets(drivers: readonly RecordedFacts[], rows: readonly PageTarget[]): TargetView[] {
  const present = new Map(drivers.map(({ target }) => [`${target.os}/${target.arch}`, target]));
  const known = rows.filter(({ os, arch }) => present.delete(`${os}/${arch}`));
  const others = [...present].sort(([a], [b]) => byCodeUnit(a, b)).map(([, target]) => target);
  return [
    ...known.map(({ os, arch, windows }) => ({ os, arch, windows })),
    ...others.map(({ os, arch }) => ({ os, arch, windows: os === '?' ? 'unknown Windows' : os })),
  ];
}

/** Returns the findings by the folder of the package, or by the driver where they are about all of it. */
function findingsOf({
  drivers,
  findings,
}: Pick<ReleaseRecord, 'drivers' | 'findings'>): ReadonlyMap<string, readonly RecordedFinding[]> {
  const places = new Set([
    ...drivers.map(({ inf }) => folderOf(inf)),
    ...drivers.map(({ driver }) => driver),
  ]);
  return groupBy(findings, ({ path }) => {
    return nearestPlace(path, places);
  });
}

/** Returns the path itself or the nearest folder above it that is known; `.` where none is. */
export function nearestPlace(path: string, known: { has: (place: string) => boolean }): string {
  let place = path;
  while (place !== '.' && !known.has(place)) place = folderOf(place);
  return place;
}
