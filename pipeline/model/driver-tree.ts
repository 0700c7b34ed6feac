import type { Content } from '../core/content.ts';
import type { Problem } from '../core/errors.ts';
import type { RepairMethod } from '../manifest/release-schema.ts';
import type { TreeSigning } from './signing.ts';
import type { Target } from './target.ts';

/** Where a file of the disc comes from: the source's id in the release and the path in that source. */
export interface Origin {
  readonly source: string;
  readonly path: string;
}

/** Why a file is on the disc. `symbols` are debug symbols (`.pdb`), which the `slim` profile leaves out. */
export type FileRole = 'inf' | 'catalog' | 'payload' | 'extra' | 'symbols' | 'companion';

/** A file that goes onto the disc at `path`; `origin` is absent for a catalog that the build made. */
export interface DiscFile {
  readonly path: string;
  readonly content: Content;
  readonly origin?: Origin;
  readonly role: FileRole;
}

/** A file that a source gave. */
export interface CollectedFile extends DiscFile {
  readonly origin: Origin;
}

/** A file that an INF names, and the line of the INF that does. */
export interface NamedFile {
  readonly name: string;
  readonly line: number;
}

/** An INF with the files that it names, in one folder of the disc. All paths are paths on the disc. */
export interface DriverPackage {
  readonly driver: string;
  readonly target: Target;
  readonly inf: string;
  /** The catalog that the INF names; absent when it names none or its folder does not hold it. */
  readonly catalogPath?: string;
  readonly files: readonly string[];
  /** Whether nothing names the architecture of `target`, which stands for any (`pvdisc inspect`). */
  readonly anyArch?: true;
  /** Files that the INF names and its folder does not hold. */
  readonly missing: readonly NamedFile[];
}

/** A file that the manifest expects beside a driver and that the source does not hold. */
export interface MissingExtra {
  readonly driver: string;
  readonly target: Target;
  readonly file: string;
}

/** A file in a driver's folder of a source that no INF there names: it is not on the disc; `path` is its would-be place there. */
export interface UnnamedFile {
  readonly path: string;
  /** Names of the driver's INFs in that folder. */
  readonly infs: readonly string[];
  /** The file that it is on this machine; absent when its source was not asked for it, or has it within a disc. */
  readonly file?: string;
  readonly origin: Origin;
}

/** A source as it was used: its type, what pins it, and how many of its files were shipped or ignored. */
export interface SourceRecord {
  readonly id: string;
  readonly type: string;
  readonly pin: Readonly<Record<string, string>>;
  readonly files: { readonly shipped: number; readonly leftOut: number; readonly ignored: number };
}

/** A file whose bytes were restored to what its catalog holds: digests (sha256) as stored in the source and on the disc. */
export interface Repair {
  readonly path: string;
  readonly method: RepairMethod;
  readonly from: string;
  readonly to: string;
  readonly origin: Origin;
}

/** Every file of the disc but those that assembling adds, sorted by path: what collecting gives, and signing changes. */
export interface DriverTree {
  readonly files: readonly DiscFile[];
  /** What goes on the disc of debug symbols, sorted by path; empty when the release asks for none. */
  readonly symbols: readonly CollectedFile[];
  readonly packages: readonly DriverPackage[];
  readonly missingExtras: readonly MissingExtra[];
  readonly unnamed: readonly UnnamedFile[];
  readonly sources: readonly SourceRecord[];
  readonly repairs: readonly Repair[];
  /** How the drivers were signed, where the release asks for it. */
  readonly signing?: TreeSigning;
  /** The disc of a passthrough release, whose files the tree has at the paths that they have there. */
  readonly upstream?: UpstreamDisc;
}

/** What collecting gives: every file comes from a source. */
export interface CollectedTree extends DriverTree {
  readonly files: readonly CollectedFile[];
}

/** An upstream disc as the ledger knows it: its bytes, its volume label, and INFs on it that cannot be read. */
export interface UpstreamDisc {
  readonly content: Content;
  readonly label: string;
  readonly unreadable: readonly Problem[];
}

/** Returns the message for a file beside INFs that do not name it. */
export function besideInfs(infs: readonly string[]): string {
  return `is beside ${infs.join(' and ')}, which ${infs.length === 1 ? 'does' : 'do'} not name it`;
}
