import type * as z from 'zod';
import { groupBy } from '../core/group-by.ts';
import { byCodeUnit } from '../core/order.ts';
import type { SignatureState } from '../formats/signature/signature.ts';
import { isLoadedAsInstalled, type LoadCondition, loadCondition } from '../formats/windows/signing-policy.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import type { loadSummarySchema } from './shared-schema.ts';
import type { SignatureVerdict } from './signature-verdict.ts';
import { targetPath } from './target.ts';

/** What the summary needs of a driver package; an inspection may not know its architecture. */
export interface LoadingPackage {
  readonly driver: string;
  readonly target: { readonly os: string; readonly arch: string };
  readonly signature: SignatureState;
  readonly verdict: Pick<SignatureVerdict, 'uncovered' | 'trust'>;
  readonly loads?: LoadCondition | undefined;
}

/** How many drivers Windows loads as they are installed, without test-signing mode. */
export type LoadSummary = z.output<typeof loadSummarySchema>;

/** What the summary needs of a row of targets.yaml. */
type SummaryRow = Pick<TargetRow, 'os' | 'arch' | 'version'>;

export type NotLoadedDriver = LoadSummary['nowhere'][number];

/** Summarises where drivers load; a driver with several packages for a target loads there if all of them do. */
export function summariseLoads(
  packages: readonly LoadingPackage[],
  rows: readonly SummaryRow[],
): LoadSummary {
  const judged = packages.filter(({ loads }) => loads !== undefined);
  const placements = placementsOf(judged, rows);
  const byDriver = groupBy(placements, ({ driver }) => driver);
  const byTarget = groupBy(placements, ({ target }) => target);
  const drivers = [...byDriver.keys()].sort(byCodeUnit).map((driver) => {
    const all = byDriver.get(driver) ?? [];
    const refusing = all.filter(({ refused }) => refused.length > 0);
    const reasons = [...new Set(refusing.flatMap((placement) => placement.reasons))].sort(byCodeUnit);
    return { all, refusing, notLoaded: { driver, targets: refusing.map(({ target }) => target), reasons } };
  });
  const everywhere = drivers.filter(({ refusing }) => refusing.length === 0);
  const isStopped = ({ found }: Placement) => found.some(({ loads }) => loads === 'without-secure-boot');
  const namesOf = (some: typeof drivers) => some.map(({ notLoaded }) => notLoaded.driver);
  return {
    drivers: drivers.length,
    unknown: new Set(packages.map(({ driver }) => driver)).size - drivers.length,
    packages: judged.length,
    notLoading: placements.flatMap(({ refused }) => refused).length,
    nowhere: drivers
      .filter(({ all, refusing }) => refusing.length === all.length)
      .map(({ notLoaded }) => notLoaded),
    partly: drivers
      .filter(({ all, refusing }) => refusing.length > 0 && refusing.length < all.length)
      .map(({ notLoaded }) => notLoaded),
    everywhere: namesOf(everywhere),
    withoutSecureBootOnly: namesOf(everywhere.filter(({ all }) => all.some(isStopped))),
    windows: [...byTarget].map(([target, all]) => ({
      target,
      drivers: all.length,
      load: all.filter(({ refused }) => refused.length === 0).length,
    })),
  };
}

/** The packages of a driver for one target. */
interface Placement {
  readonly driver: string;
  readonly target: string;
  readonly found: readonly LoadingPackage[];
  readonly refused: readonly LoadingPackage[];
  readonly reasons: readonly string[];
}

/** Returns placements in the order of targets.yaml. */
function placementsOf(packages: readonly LoadingPackage[], rows: readonly SummaryRow[]): Placement[] {
  const known = new Map(rows.map((row, index) => [targetPath(row), { row, index }]));
  const rank = (target: string) => known.get(target)?.index ?? known.size;
  const targetOf = ({ target: { os, arch } }: LoadingPackage) => `${os}/${arch}`;
  const groups = groupBy(packages, (found) => `${found.driver}\0${targetOf(found)}`);
  return [...groups.values()]
    .flatMap((found) => {
      const [first] = found;
      if (first === undefined) return [];
      const target = targetOf(first);
      const refused = found.filter(({ loads }) => !isLoadedAsInstalled(loads));
      const reasons = refused.map((one) => notLoadedBecause(one, known.get(target)?.row));
      return [{ driver: first.driver, target, found, refused, reasons }];
    })
    .sort((a, b) => rank(a.target) - rank(b.target) || byCodeUnit(a.target, b.target));
}

function notLoadedBecause(
  { signature, verdict, loads }: LoadingPackage,
  row: SummaryRow | undefined,
): string {
  if (row !== undefined && isLoadedAsInstalled(loadCondition(signature, row)))
    return 'boot driver without a valid embedded signature';
  if (verdict.uncovered.length > 0) return 'unsigned, since the catalog does not hold all files';
  if (signature === 'unsigned' && verdict.trust !== 'unsigned')
    return 'unsigned, since the catalog is for newer Windows versions';
  if (signature === 'self-signed' && verdict.trust === 'vendor-signed')
    return 'vendor-signed without a cross-certificate';
  if (signature === 'attested') return 'attested, which needs Windows 10 or later';
  if (loads === 'no-driver-policy') return `${signature}, which the Windows Driver Policy refuses`;
  return loads === 'test-signing' ? `${signature}, loads in test-signing mode only` : signature;
}
