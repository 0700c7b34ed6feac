import { compareNtVersions } from './nt-version.ts';

/** A version of a framework: the Windows that includes it, and the oldest that a co-installer or an update can bring it to. */
interface WdfRelease {
  readonly version: string;
  readonly included: string;
  readonly runs: string;
}

/** "KMDF version history": 1.9 and 1.11 also run on older versions of Windows, to which their co-installer brings the framework. */
const kmdf: readonly WdfRelease[] = [
  { version: '1.0', included: '6.0', runs: '5.1' },
  { version: '1.1', included: '6.0', runs: '5.1' },
  { version: '1.5', included: '6.0', runs: '5.1' },
  { version: '1.7', included: '6.0.6001', runs: '5.1' },
  { version: '1.9', included: '6.1', runs: '5.1' },
  { version: '1.11', included: '6.2', runs: '6.0' },
  { version: '1.13', included: '6.3', runs: '6.3' },
  ...sinceWindows10(1),
];

/** "UMDF version history"; the co-installer of 1.9 and 1.11 is WUDFUpdate. */
const umdf: readonly WdfRelease[] = [
  { version: '1.5', included: '6.0', runs: '5.1' },
  { version: '1.7', included: '6.0.6001', runs: '5.1' },
  { version: '1.9', included: '6.1', runs: '5.1' },
  { version: '1.11', included: '6.2', runs: '6.0' },
  { version: '2.0', included: '6.3', runs: '6.3' },
  ...sinceWindows10(2),
];

/** A framework and the version that a driver needs, as `major.minor`. */
export interface WdfVersion {
  readonly framework: 'KMDF' | 'UMDF';
  readonly version: string;
}

/** Minor versions of both frameworks by the first build of Windows 10 and 11 with them. */
function sinceWindows10(major: number): WdfRelease[] {
  const builds = [
    [15, 10240],
    [17, 10586],
    [19, 14393],
    [21, 15063],
    [23, 16299],
    [25, 17134],
    [27, 17763],
    [29, 18362],
    [31, 19041],
    [33, 20348],
  ] as const;
  return builds.map(([minor, build]) => ({
    version: `${major}.${minor}`,
    included: `10.0.${build}`,
    runs: `10.0.${build}`,
  }));
}

/** Returns the release of a framework with a version, or the next one of its major version; undefined for a version newer than the table. */
export function wdfRelease({ framework, version }: WdfVersion): WdfRelease | undefined {
  const major = `${version.split('.')[0]}.`;
  return (framework === 'KMDF' ? kmdf : umdf).find(
    (release) => release.version.startsWith(major) && compareNtVersions(release.version, version) >= 0,
  );
}
