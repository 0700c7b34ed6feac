import type { WdfBinding } from '../pe/wdf.ts';

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

/** "UMDF version history"; the list of UMDF 1 is shorter, since its drivers do not say their version in the binary. */
const umdf: readonly WdfRelease[] = [{ version: '2.0', included: '6.3', runs: '6.3' }, ...sinceWindows10(2)];

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

/** Returns the release of a framework with a version, or the next one that has it; undefined for a version newer than the table. */
export function wdfRelease({
  framework,
  minimum,
}: Pick<WdfBinding, 'framework' | 'minimum'>): WdfRelease | undefined {
  const minor = minorOf(minimum);
  return (framework === 'KMDF' ? kmdf : umdf).find(({ version }) => minorOf(version) >= minor);
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}
