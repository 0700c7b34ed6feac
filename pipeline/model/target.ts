import type { Guest } from '../formats/inf/select.ts';
import type { Arch } from '../formats/windows/targets.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';

/** One kind of guest: the OS folder of the disc (`w11`) and its architecture. */
export interface Target {
  readonly os: string;
  readonly arch: Arch;
}

/** Returns `w11/amd64` for a target: its folder below the driver's on the disc. */
export function targetPath({ os, arch }: Target): string {
  return `${os}/${arch}`;
}

/** Placeholder for an unknown Windows version or architecture. */
export const unknown = '?';

/** Returns the first release of a row's Windows in the form that INF decorations are matched against. */
export function guestOf({ version, product, arch }: TargetRow): Guest {
  const [major = 0, minor = 0, build = 0] = version.split('.').map(Number);
  return { major, minor, build, productType: product === 'server' ? 3 : 1, suite: 0, arch };
}
