import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type TargetRow, targetsSchema } from '../../pipeline/manifest/targets-schema.ts';
import type { DriverFacts } from '../../pipeline/model/driver-facts.ts';

/** The targets that pvdisc comes with. */
export const { targets } = targetsSchema.parse(
  parse(readFileSync(join(import.meta.dirname, '../../drivers-manifest/targets.yaml'), 'utf8')),
);

/** A Windows as install.cmd sees it in the registry. */
export interface RunningWindows {
  readonly build: number;
  readonly product: 'workstation' | 'server';
  readonly arch: 'x86' | 'amd64' | 'ARM64';
}

/** First and last builds of what Microsoft has released, by NT version ("Windows versions" of FORMATS.md; Microsoft, "Release health"). */
const releases: Readonly<Record<string, readonly number[]>> = {
  '5.1': [2600],
  '5.2': [3790],
  '6.0': [6000, 6001, 6002, 6003],
  '6.1': [7600, 7601],
  '6.2': [9200],
  '6.3': [9600],
  '10.0': [
    ...[10240, 10586, 14393, 15063, 16299, 17134, 17763, 18362, 18363, 19041, 19042, 19043, 19044, 19045],
    ...[20348, 22000, 22621, 22631, 25398, 26100, 26200],
  ],
};

/** Every Windows build, as workstation and server, on every architecture. */
export const allWindows: readonly RunningWindows[] = Object.values(releases)
  .flat()
  .flatMap((build) =>
    (['workstation', 'server'] as const).flatMap((product) =>
      (['x86', 'amd64', 'ARM64'] as const).map((arch) => ({ build, product, arch })),
    ),
  );

/** Returns the folder that is right for a Windows: of its NT version, not newer than it, of its product if there is one, then the newest. */
export function rightFolder(windows: RunningWindows, rows: readonly TargetRow[]): string | undefined {
  const ntVersion = (build: number) => Object.keys(releases).find((nt) => releases[nt]?.includes(build));
  const fitting = rows.filter(({ arch, version }) => {
    const [major, minor, build = ''] = version.split('.');
    return (
      arch === windows.arch && `${major}.${minor}` === ntVersion(windows.build) && +build <= windows.build
    );
  });
  const same = fitting.filter(({ product }) => product === windows.product);
  return (same.length > 0 ? same : fitting).at(-1)?.os;
}

/** Returns a driver package for each target, which loads as given. */
export function packagesOf(
  driver: string,
  rows: readonly TargetRow[],
  loads: DriverFacts['loads'] = 'always',
): DriverFacts[] {
  return rows.map(({ os, arch }) => ({
    driver,
    target: { os, arch },
    inf: `${driver}/${os}/${arch}/${driver.toLowerCase()}.inf`,
    hardwareIds: [],
    compatibleIds: [],
    services: [],
    driverVer: '01/02/2026,1.2.3.4',
    signature: 'attested',
    verdict: { integrity: 'good', uncovered: [], trust: 'attested' },
    ...(loads !== undefined && { loads }),
  }));
}
