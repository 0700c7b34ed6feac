import { type Catalog, membersOf } from '../formats/catalog/index.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import type { PayloadFile } from './facts.ts';

/** How a catalog fits a Windows: `older` and `newer` when a file is listed for such Windows versions only. */
export interface OsCoverage {
  readonly fit: 'covered' | 'older' | 'newer';
  /** The OSAttr of the files that are listed for other versions only (`2:6.1` is NT 6.1, `2:10.x` any 10). */
  readonly others: readonly string[];
}

/**
 * Compares the OSAttr of a catalog's members with the row's Windows. A catalog for an older Windows is valid on a newer one: a WHQL
 * signature for the version LowerLogoVersion (default 5.1) or later gets the best signature score, one for an earlier version the
 * score of an Authenticode signature (Microsoft, "LowerLogoVersion"). A catalog without OSAttr excludes no Windows.
 */
export function osCoverage(
  catalog: Catalog,
  files: readonly PayloadFile[],
  { version }: Pick<TargetRow, 'version'>,
): OsCoverage {
  const listed = files
    .map(({ facts: { digests } }) => (digests === undefined ? [] : membersOf(catalog, digests)))
    .map((members) => members.flatMap(({ osAttr }) => osAttr))
    .map((osAttr) => ({ osAttr, fit: fitOf(osAttr, version) }));
  const fit = (['newer', 'older'] as const).find((one) => listed.some((file) => file.fit === one));
  if (fit === undefined) return { fit: 'covered', others: [] };
  const others = listed.filter((file) => file.fit === fit).flatMap(({ osAttr }) => osAttr);
  return { fit, others: [...new Set(others)].sort() };
}

function fitOf(osAttr: readonly string[], version: string): OsCoverage['fit'] {
  const compared = osAttr.map((os) => compare(os, version)).filter((order) => order !== undefined);
  if (compared.length === 0 || compared.includes(0)) return 'covered';
  return compared.some((order) => order < 0) ? 'older' : 'newer';
}

/** Compares an OSAttr with a Windows version by major and minor number; undefined when it is no version. */
function compare(os: string, version: string): number | undefined {
  const [, platform, major, minor] = /^([12]):(\d+)\.(\d+|x)/.exec(os) ?? [];
  if (major === undefined) return undefined;
  if (platform === '1') return -1;
  const [wantedMajor = 0, wantedMinor = 0] = version.split('.').map(Number);
  if (Number(major) !== wantedMajor) return Number(major) - wantedMajor;
  return minor === 'x' ? 0 : Number(minor) - wantedMinor;
}
