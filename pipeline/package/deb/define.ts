import type { PackagerInput } from '../define.ts';
import type { PackedEntry } from './contents.ts';
import type { DebMetadata } from './metadata.ts';
import type { OwnFiles } from './own-files.ts';

/** A package to create: its entries, including folders, and its maintainer scripts by name. */
export interface DebPlan {
  readonly name: string;
  readonly contents: readonly PackedEntry[];
  readonly scripts: ReadonlyMap<string, string>;
}

export interface PlanInput extends Pick<PackagerInput, 'manifest' | 'tree' | 'discs'> {
  readonly metadata: DebMetadata;
  readonly own: OwnFiles;
}
