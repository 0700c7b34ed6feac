import { casesOf, type HostileCase } from './case.ts';
import { cycles, extents } from './disc-extents.ts';
import { jolietNames } from './disc-joliet-names.ts';
import { bombs, named, twins } from './disc-names.ts';
import { descriptors, records } from './disc-records.ts';
import { trees } from './disc-trees.ts';
import { rockRidgeDiscs } from './rock-ridge-discs.ts';

/** Hostile discs. */
export const hostileDiscs: readonly HostileCase[] = casesOf(
  'iso',
  [
    ...cycles,
    ...extents,
    ...records,
    ...descriptors,
    ...bombs,
    ...named,
    ...twins,
    ...trees,
    ...jolietNames,
    ...rockRidgeDiscs,
  ].map((one) => ({
    ...one,
    name: `a disc with ${one.name}`,
  })),
);
