import type { DriverEntry } from '../manifest/manifest.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import type { SourceIndex } from './source-index.ts';

/** One folder of a source that holds a driver for a target. */
export interface Claim {
  readonly driver: DriverEntry;
  readonly source: SourceIndex;
  readonly folder: string;
  readonly target: TargetRow;
}
