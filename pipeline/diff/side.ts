import type { InstallFacts } from '../inspect/inspection-schema.ts';
import type { RecordedFacts } from '../model/shared-schema.ts';
import type { ComparedSide } from './comparison-schema.ts';

/** A file; `authenticode` (sha256) of a PE file does not depend on its signatures. */
export interface SideFile {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly authenticode?: string | undefined;
}

export interface SidePackage extends RecordedFacts {
  /** The INF and the files it names; absent in a record. */
  readonly files?: readonly SideFile[] | undefined;
  /** Files that the INF names and its folder lacks; absent in a record and in inspections of an older pvdisc. */
  readonly missing?: readonly string[] | undefined;
  /** What the INF installs; absent in a record and in inspections of an older pvdisc. */
  readonly install?: InstallFacts | undefined;
}

/** One of two compared inputs. */
export interface Side extends Omit<ComparedSide, 'packages' | 'files' | 'bytes'> {
  readonly packages: readonly SidePackage[];
  readonly files: readonly SideFile[];
}
