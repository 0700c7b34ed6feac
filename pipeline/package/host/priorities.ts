import semver from 'semver';
import {
  isMicrosoftSigned,
  type SignatureState,
  signatureStates,
} from '../../formats/signature/signature.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { DriverFacts } from '../../model/driver-facts.ts';
import { targetPath } from '../../model/target.ts';

/**
 * Returns the priority of a disc for update-alternatives(1): by the signatures of its drivers, then by the build of the newest
 * Windows it supports. A disc counts as Microsoft-signed if all its drivers are, and as vendor-signed or self-signed if at least
 * half of them are signed at least so; a single unsigned driver does not rank it below a test build. The sample disc ranks last.
 * `package.priority` of the release overrides all of this.
 */
export function discPriority(
  drivers: readonly DriverFacts[],
  { release, targets }: Pick<Manifest, 'release' | 'targets'>,
): number {
  if (release.package.priority !== undefined) return release.package.priority;
  const onDisc = new Set(drivers.map(({ target }) => targetPath(target)));
  const builds = targets
    .filter((row) => onDisc.has(targetPath(row)))
    .map(({ version }) => Number(version.split('.')[2] ?? 0));
  const sources = Object.values(release.sources);
  const isSample = sources.length > 0 && sources.every(({ type }) => type === 'sample');
  return (isSample ? sampleClass : signatureClass(drivers)) * classStep + Math.max(0, ...builds);
}

/** Larger than any Windows build number. */
const classStep = 100_000;

/** Below unsigned drivers; update-alternatives accepts negative priorities. */
const sampleClass = -1;

function signatureClass(drivers: readonly DriverFacts[]): number {
  if (drivers.length > 0 && drivers.every(({ signature }) => isMicrosoftSigned(signature))) return 3;
  const reaches = (state: SignatureState) => {
    const rank = signatureStates.indexOf(state);
    const count = drivers.filter(({ signature }) => signatureStates.indexOf(signature) >= rank).length;
    return drivers.length > 0 && count * 2 >= drivers.length;
  };
  if (reaches('vendor-signed')) return 2;
  return reaches('self-signed') ? 1 : 0;
}

/** Returns the priority of the host command: newer versions of pvdisc have a higher one. */
export function commandPriority(version: string): number {
  const { major, minor, patch } = new semver.SemVer(version);
  return (major * 1000 + minor) * 1000 + patch;
}
