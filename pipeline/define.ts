import type { z } from 'zod';
import type { BuildContext, RunContext } from './core/context.ts';
import type { Limits } from './core/limits.ts';
import type { Manifest } from './manifest/read.ts';
import type { Tool } from './system/tools.ts';
import type {
  Content,
  Discs,
  DriverTree,
  Finding,
  PackageArtifact,
  Severity,
  ValidatedTree,
} from './types.ts';
import type { TreeFacts } from './validate/facts.ts';
import type { PackageFacts } from './validate/package-facts.ts';

/** One file that a source holds: its path in the source (`/` between names) and where it lies on disk. */
export interface SourceFile {
  readonly path: string;
  /** Absolute path of the bytes; absent when the request skipped it. */
  readonly file?: string;
  /** Digest and size of the bytes, where the source has read all of them to check them. */
  readonly content?: Content;
}

/** An opened source: every file it holds, sorted by path. */
export interface SourceTree {
  readonly files: readonly SourceFile[];
  /** sha256 by path, where the manifest gives a list that the files must match. */
  readonly digests?: ReadonlyMap<string, string>;
}

/** What a source is asked for. */
export interface SourceRequest {
  /** Its id in the release, and the place in the manifest that errors name. */
  readonly id: string;
  readonly place: string;
  /** Folder that relative paths of the manifest start from. */
  readonly baseDir: string;
  /** Empty private folder that the source may fill; removed at the end of the run. */
  readonly scratch: string;
  /** `--use`: take the source from this path instead; its digests are checked all the same. */
  readonly override?: string;
  /** Files that are listed, but whose bytes nobody will read. */
  readonly skip: (path: string) => boolean;
  /** What the source may hold at most; the defaults when absent. */
  readonly limits?: Limits;
}

/** Where driver files come from. One file per type in `sources/`, listed in `sources/index.ts`. */
export interface SourceType<Schema extends z.ZodObject = z.ZodObject> {
  readonly type: string;
  /** One line for the README and `--help`. */
  readonly summary: string;
  /** The keys that the release gives for it, `type` included. */
  readonly schema: Schema;
  readonly tools: readonly Tool[];
  /** What pins the bytes, for the record: digest, commit. Never a path of this machine. */
  readonly pin: (spec: z.output<Schema>) => Readonly<Record<string, string>>;
  /** Files beside the release that a source is checked against, as the release names them. */
  readonly lists?: (spec: z.output<Schema>) => readonly string[];
  readonly open: (spec: z.output<Schema>, request: SourceRequest, context: RunContext) => Promise<SourceTree>;
}

/** Declares a source type (identity, for inference). */
export function defineSource<Schema extends z.ZodObject>(source: SourceType<Schema>): SourceType<Schema> {
  return source;
}

/** One typed step of the pipeline. `run` is a property, so that its parameters are compared strictly. */
export interface Stage<Input, Context extends RunContext, Output> {
  readonly name: string;
  readonly run: (input: Input, context: Context) => Promise<Output>;
}

/** Declares a stage (identity, for inference). */
export function defineStage<Input, Context extends RunContext, Output>(
  stage: Stage<Input, Context, Output>,
): Stage<Input, Context, Output> {
  return stage;
}

/** A tree with what its files say of themselves. */
export interface TreeInput {
  readonly tree: DriverTree;
  readonly facts: TreeFacts;
  readonly packages: readonly PackageFacts[];
  /** Date of the release in seconds since 1970 (UTC), by which dates are judged; never today's, and absent in `pvdisc inspect`. */
  readonly epoch?: number;
}

/** A tree and the release that it was collected for. */
export interface ReleaseInput extends TreeInput {
  readonly manifest: Manifest;
}

interface RuleHead {
  readonly id: `${string}/${string}`;
  readonly severity: Severity;
  /** What is wrong, what happens on Windows, and what to do: for `pvdisc check --explain`. */
  readonly explain: string;
}

/** A rule that judges each driver package alone. */
export interface PackageRule extends RuleHead {
  readonly scope: 'package';
  readonly check: (driverPackage: PackageFacts) => readonly Violation[];
}

/** A rule that compares what lies in one tree. */
export interface TreeRule extends RuleHead {
  readonly scope: 'tree';
  readonly check: (input: TreeInput) => readonly Violation[];
}

/** A rule that judges a tree by its release's manifest; it does not run where there is none, as in `pvdisc inspect`. */
export interface ReleaseRule extends RuleHead {
  readonly scope: 'release';
  readonly check: (input: ReleaseInput) => readonly Violation[];
}

/** One check. One file per rule in `rules/`, listed in `rules/index.ts`; its id is `area/what-is-wrong`. */
export type Rule = PackageRule | TreeRule | ReleaseRule;

/** What a rule reports; the rule's id and severity are added to it. */
export type Violation = Omit<Finding, 'rule' | 'severity'>;

/** Declares a rule (identity, for inference). */
export function defineRule<R extends Rule>(rule: R): R {
  return rule;
}

/** What a packager is given. */
export interface PackagerInput {
  readonly manifest: Manifest;
  readonly tree: ValidatedTree;
  readonly discs: Discs;
  /** Folder that the artifacts are written into. */
  readonly folder: string;
  readonly options: PackagerOptions;
}

/** Choices of the command line that packagers share. */
export interface PackagerOptions {
  readonly compression: 'zstd' | 'xz';
}

/** Makes one output format. One file per format in `package/`, listed in `package/index.ts`. */
export interface Packager {
  readonly format: string;
  /** One line for the README and `--help`. */
  readonly summary: string;
  readonly tools: (options: PackagerOptions) => readonly Tool[];
  /** Reads the metadata and throws when it does not fit the release, before any work is done. */
  readonly prepare: (manifest: Manifest) => Promise<void>;
  /** Absolute paths of the metadata that goes into the packages. */
  readonly metadata: (manifest: Manifest) => Promise<readonly string[]>;
  /** Makes every package that the release asks for, that of the disc first. */
  readonly pack: (input: PackagerInput, context: BuildContext) => Promise<PackageArtifact[]>;
}

/** Declares a packager (identity, for inference). */
export function definePackager(packager: Packager): Packager {
  return packager;
}
