import type { Problem } from './core/errors.ts';
import type { SignatureState } from './formats/signature/signature.ts';
import type { LoadCondition } from './formats/windows/signing-policy.ts';
import type { Arch } from './formats/windows/targets.ts';
import type { RepairMethod } from './manifest/release-schema.ts';
import type { ReleaseRecord } from './model/record.ts';
import type { SignatureVerdict } from './model/signature-verdict.ts';

/** One kind of guest: the OS folder of the disc (`w11`) and its architecture. */
export interface Target {
  readonly os: string;
  readonly arch: Arch;
}

/** The bytes of a file: where they lie on this machine, their digest (lower-case hex) and size in bytes. */
export interface Content {
  readonly file: string;
  readonly sha256: string;
  readonly size: number;
}

/** Where a file of the disc comes from: the source's id in the release and the path in that source. */
export interface Origin {
  readonly source: string;
  readonly path: string;
}

/** Why a file is on the disc. `symbols` are debug symbols (`.pdb`), which the `slim` profile leaves out. */
export type FileRole = 'inf' | 'catalog' | 'payload' | 'extra' | 'symbols' | 'companion';

/** A file that a source gave and that goes onto the disc at `path`. */
export interface DiscFile {
  readonly path: string;
  readonly content: Content;
  readonly origin: Origin;
  readonly role: FileRole;
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
  /** Files that the INF names and its folder does not hold. */
  readonly missing: readonly NamedFile[];
}

/** A file that the manifest expects beside a driver and that the source does not hold. */
export interface MissingExtra {
  readonly driver: string;
  readonly target: Target;
  readonly file: string;
}

/** A file in a driver's folder of a source that no INF there names: it is not on the disc, where it would lie at `path`. */
export interface UnnamedFile {
  readonly path: string;
  /** Names of the driver's INFs in that folder. */
  readonly infs: readonly string[];
  /** Where its bytes lie on this machine; absent when its source was not asked for them. */
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

/** An error stops a build, a warning is worth a look, an info is good to know. */
export type Severity = 'error' | 'warning' | 'info';

/** One result of one rule: `path` is a path on the disc, `line` a line of the file there. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly path: string;
  readonly line?: number;
  readonly message: string;
  readonly hint?: string;
}

/** A file whose bytes were restored to what its catalog holds: digests (sha256) as stored in the source and on the disc. */
export interface Repair {
  readonly path: string;
  readonly method: RepairMethod;
  readonly from: string;
  readonly to: string;
  readonly origin: Origin;
}

/** What collecting gives: every file of the disc that comes from a source, sorted by path. */
export interface DriverTree {
  readonly files: readonly DiscFile[];
  /** What goes on the disc of debug symbols, sorted by path; empty when the release asks for none. */
  readonly symbols: readonly DiscFile[];
  readonly packages: readonly DriverPackage[];
  readonly missingExtras: readonly MissingExtra[];
  readonly unnamed: readonly UnnamedFile[];
  readonly sources: readonly SourceRecord[];
  readonly repairs: readonly Repair[];
  /** The disc of a passthrough release, whose files the tree has at the paths that they have there. */
  readonly upstream?: UpstreamDisc;
}

/** An upstream disc as the ledger knows it: its bytes, its volume label, and INFs on it that cannot be read. */
export interface UpstreamDisc {
  readonly content: Content;
  readonly label: string;
  readonly unreadable: readonly Problem[];
}

export declare const validated: unique symbol;

/** A tree that the rules accept; only `validate/validate.ts` can make one. */
export interface ValidatedTree extends DriverTree {
  readonly [validated]: true;
  readonly findings: readonly AcceptedFinding[];
  readonly drivers: readonly DriverFacts[];
}

/** A finding that did not stop the build: a warning, or one that the release accepts for a reason. */
export interface AcceptedFinding extends Finding {
  readonly accepted?: string;
}

/** What one driver package says of itself, for the disc's README, `info.json` and the record. */
export interface DriverFacts {
  readonly driver: string;
  readonly target: Target;
  readonly inf: string;
  readonly name?: string;
  readonly provider?: string;
  /** `DriverVer` as written: `MM/DD/YYYY,w.x.y.z`. */
  readonly driverVer?: string;
  /** What Windows makes of the catalog: `unsigned` also when it is broken or does not hold all files. */
  readonly signature: SignatureState;
  readonly verdict: SignatureVerdict;
  /** When Windows loads it; absent when the folder does not say for which Windows it is. */
  readonly loads?: LoadCondition;
}

/** A written and read back ISO: `files` are all its files with digest and size, sorted by path; `readme` is the text of its README.txt. */
export interface IsoImage {
  readonly content: Content;
  readonly name: string;
  readonly label: string;
  readonly readme: string;
  readonly files: readonly IsoFile[];
}

/** The discs of a release: that of the drivers, and that of their debug symbols if the release asks for one. */
export interface Discs {
  readonly iso: IsoImage;
  readonly symbols?: IsoImage;
}

/** One file on the disc; `origin` is absent for files that the pipeline itself writes. */
export interface IsoFile {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly origin?: Origin;
}

/** One output format's file, in the staging folder of the build. */
export interface PackageArtifact {
  readonly format: string;
  readonly name: string;
  readonly content: Content;
}

/** A finished release: its record, and the names of its files in the output folder. */
export interface Release {
  readonly record: ReleaseRecord;
  readonly files: readonly string[];
}
