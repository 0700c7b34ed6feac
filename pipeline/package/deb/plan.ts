import type { PackagerInput } from '../../define.ts';
import { asksFor } from '../../manifest/names.ts';
import type { TarEntry } from './contents.ts';
import { discPlan } from './disc-plan.ts';
import { driversPlan } from './drivers-plan.ts';
import type { DebMetadata } from './metadata.ts';
import type { OwnFiles } from './own-files.ts';
import { symbolsPlan } from './symbols-plan.ts';

/** One package to make: its name, what it installs, folders included, and its maintainer scripts by name. */
export interface DebPlan {
  readonly name: string;
  readonly contents: readonly TarEntry[];
  readonly scripts: ReadonlyMap<string, string>;
}

/** What plans are made from. */
export interface PlanInput extends Pick<PackagerInput, 'manifest' | 'tree' | 'discs'> {
  readonly metadata: DebMetadata;
  readonly own: OwnFiles;
}

/** Returns the packages that a release asks for, that of its disc first; `hardwareIds` are those of the drivers' INFs. */
export function debPlans(input: PlanInput, hardwareIds: ReadonlyMap<string, readonly string[]>): DebPlan[] {
  const { symbols } = input.discs;
  return [
    discPlan(input),
    ...(symbols === undefined ? [] : [symbolsPlan(input, symbols)]),
    ...(asksFor(input.manifest, 'drivers') ? [driversPlan(input, hardwareIds)] : []),
  ];
}
