import type { Arch } from '../formats/windows/targets.ts';

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
