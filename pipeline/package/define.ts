import type { BuildContext } from '../core/context.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { PackageFormat } from '../manifest/package-schema.ts';
import type { Discs, PackageArtifact, PackagerOptions } from '../model/release.ts';
import type { ValidatedTree } from '../model/validated-tree.ts';
import type { Tool } from '../system/tools.ts';

export interface PackagerInput {
  readonly manifest: Manifest;
  readonly tree: ValidatedTree;
  readonly discs: Discs;
  /** Output folder. */
  readonly folder: string;
  readonly options: PackagerOptions;
}

/** Creates one output format; `package/index.ts` lists them. */
export interface Packager {
  readonly format: PackageFormat;
  /** One line for `--help`. */
  readonly summary: string;
  readonly tools: (options: PackagerOptions) => readonly Tool[];
  /** Checks the metadata against the release before the build starts. */
  readonly prepare: (manifest: Manifest) => Promise<void>;
  /** Returns the absolute paths of the metadata files used. */
  readonly metadata: (manifest: Manifest) => Promise<readonly string[]>;
  /** Creates the packages of a release, the one of the disc first. */
  readonly pack: (input: PackagerInput, context: BuildContext) => Promise<PackageArtifact[]>;
}

/** Declares a packager; an identity function for type inference. */
export function definePackager(packager: Packager): Packager {
  return packager;
}
