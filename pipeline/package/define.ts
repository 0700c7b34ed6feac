import type { BuildContext } from '../core/context.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Discs, PackageArtifact, PackagerOptions } from '../model/release.ts';
import type { ValidatedTree } from '../model/validated-tree.ts';
import type { Tool } from '../system/tools.ts';

/** What a packager is given. */
export interface PackagerInput {
  readonly manifest: Manifest;
  readonly tree: ValidatedTree;
  readonly discs: Discs;
  /** Folder that the artifacts are written into. */
  readonly folder: string;
  readonly options: PackagerOptions;
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
