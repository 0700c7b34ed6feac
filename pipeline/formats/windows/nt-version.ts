import { lastBuild } from './targets.ts';

/** Compares NT versions of two or three numbers (`6.1`, `10.0.19041`); a missing build is the first one. */
export function compareNtVersions(one: string, other: string): number {
  const [left = [], right = []] = [one, other].map((version) => version.split('.').map(Number));
  const index = [0, 1, 2].find((at) => (left[at] ?? 0) !== (right[at] ?? 0)) ?? 0;
  return (left[index] ?? 0) - (right[index] ?? 0);
}

/** Returns the newest build of the Windows whose first build an NT version names: `10.0.19045` of `10.0.10240`. */
export function newestBuild(version: string): string {
  const [major, minor, build = 0] = version.split('.').map(Number);
  return `${major}.${minor}.${lastBuild(build)}`;
}

/** Versions of Windows 10 and 11 by their first builds. */
export const windowsVersions: Readonly<Record<number, string>> = {
  10240: '1507',
  10586: '1511',
  14393: '1607',
  15063: '1703',
  16299: '1709',
  17134: '1803',
  17763: '1809',
  18362: '1903',
  18363: '1909',
  19041: '2004',
  19042: '20H2',
  22621: '22H2',
};

const names: Readonly<Record<string, string>> = {
  '5.1': 'XP',
  '5.2': 'Server 2003',
  '6.0': 'Vista',
  '6.1': '7',
  '6.2': '8',
  '6.3': '8.1',
};

/** Returns the name of the Windows that an NT version came with: `Windows 10, version 2004` of `10.0.19041`. */
export function windowsNameOf(ntVersion: string): string {
  const [major = 0, minor = 0, build = 0] = ntVersion.split('.').map(Number);
  const name = names[`${major}.${minor}`];
  if (name !== undefined) return `Windows ${name}${build === 6001 ? ' with Service Pack 1' : ''}`;
  if (build >= 20348 && build < 22000) return 'Windows 11 and Server 2022';
  const windows = build >= 22000 ? 'Windows 11' : 'Windows 10';
  const version = windowsVersions[build];
  return version === undefined ? windows : `${windows}, version ${version}`;
}
