import type { Rule } from '../define.ts';
import { catalogUnreadable } from './catalog-unreadable.ts';
import { basenameClash } from './disc-basename-clash.ts';
import { pathCollision } from './disc-path-collision.ts';
import { unfitName } from './disc-unfit-name.ts';
import { infMissingFile } from './inf-missing-file.ts';
import { manifestMissingExtra } from './manifest-missing-extra.ts';
import { peUnreadable } from './pe-unreadable.ts';
import { peWrongMachine } from './pe-wrong-machine.ts';
import { releaseDriverNotFound } from './release-driver-not-found.ts';
import { releaseEmpty } from './release-empty.ts';
import { releasePlainName } from './release-plain-name.ts';
import { releaseWhql } from './release-whql-redistribution.ts';

/** Every rule, in the order of its id. */
export const rules: readonly Rule[] = [
  catalogUnreadable,
  basenameClash,
  pathCollision,
  unfitName,
  infMissingFile,
  manifestMissingExtra,
  peUnreadable,
  peWrongMachine,
  releaseDriverNotFound,
  releaseEmpty,
  releasePlainName,
  releaseWhql,
];
