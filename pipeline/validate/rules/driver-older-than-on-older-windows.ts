import { nameOf } from '../../core/paths.ts';
import { driverVersion } from '../../formats/inf/version.ts';
import type { TargetRow } from '../../manifest/targets-schema.ts';
import { defineRule } from '../define.ts';
import type { PackageFacts } from '../package-facts.ts';

interface Build {
  readonly inf: string;
  readonly line: number;
  readonly row: TargetRow;
  /** The virtio-win build: the last number of DriverVer divided by 100. */
  readonly build: number;
}

export const driverOlderThanOnOlderWindows = defineRule({
  id: 'driver/older-than-on-older-windows',
  severity: 'warning',
  scope: 'tree',
  explain: `A virtio-win driver is an older build than the same driver for an older Windows of the same architecture.
Builds for newer Windows are maintained longest, so a folder probably has an old file; the guest misses later fixes.
Take the newest build for each Windows.`,
  check: ({ packages }) => {
    const byDriver = new Map<string, Build[]>();
    for (const { key, ...build } of packages.flatMap(virtioBuild))
      byDriver.set(key, [...(byDriver.get(key) ?? []), build]);
    return [...byDriver.values()].flatMap((builds) => {
      const oldest = oldestByOs(builds);
      return builds.flatMap(({ inf, line, row, build }) => {
        const newer = newestBefore(oldest, row);
        if (newer === undefined || newer.build <= build) return [];
        return [
          {
            path: inf,
            line,
            message: `is build ${build}, but ${newer.inf} for ${newer.row.windows} is build ${newer.build}`,
            hint: `take the newest build for ${row.windows}`,
          },
        ];
      });
    });
  },
});

/** A virtio-win DriverVer is `<Windows>.<generation>.104.<build × 100>`. */
function virtioBuild({ driver, inf, target, parsed, row }: PackageFacts): (Build & { key: string })[] {
  const driverVer = driverVersion(parsed, target.arch);
  const number = /^\d+\.\d+\.104\.(\d+)$/.exec(driverVer?.version ?? '')?.[1];
  if (row === undefined || driverVer === undefined || number === undefined) return [];
  const key = `${driver} ${nameOf(inf).toLowerCase()} ${target.arch}`;
  return [{ key, inf, line: driverVer.line, row, build: Math.floor(Number(number) / 100) }];
}

/** Keeps the older one where a source has two builds for one Windows: that Windows has at least this build. */
function oldestByOs(builds: readonly Build[]): Build[] {
  const oldest = new Map<string, Build>();
  for (const build of builds) {
    const other = oldest.get(build.row.os);
    if (other === undefined || build.build < other.build) oldest.set(build.row.os, build);
  }
  return [...oldest.values()];
}

function newestBefore(builds: readonly Build[], row: TargetRow): Build | undefined {
  const older = builds.filter((other) => compareVersion(other.row.version, row.version) < 0);
  return older.sort((a, b) => b.build - a.build)[0];
}

function compareVersion(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  const index = left?.findIndex((part, at) => part !== right?.[at]) ?? -1;
  return (left?.[index] ?? 0) - (right?.[index] ?? 0);
}
