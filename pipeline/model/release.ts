import type { Content } from '../core/content.ts';
import type { Origin } from './driver-tree.ts';
import type { ReleaseRecord } from './record.ts';

/** A written and read back ISO: `files` are all its files with digest and size, sorted by path; `readme` is the text of its README.txt. */
export interface IsoImage {
  readonly content: Content;
  readonly name: string;
  readonly label: string;
  readonly readme: string;
  readonly files: readonly ImageFile[];
}

/** The discs of a release: one with the drivers, and one with their debug symbols if the release asks for it. */
export interface Discs {
  readonly iso: IsoImage;
  readonly symbols?: IsoImage;
}

/** One file on the disc; `origin` is absent for files that the pipeline itself writes. */
export interface ImageFile {
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
  /** Of a container image: the digest by which registries know it (`sha256:...`). */
  readonly digest?: string;
}

/** A finished release: its record, and the names of its files in the output folder. */
export interface BuiltRelease {
  readonly record: ReleaseRecord;
  readonly files: readonly string[];
}

/** Choices of the command line that packagers share. */
export interface PackagerOptions {
  readonly compression: 'zstd' | 'xz';
}

/** Inputs of packages other than the discs: paths of their metadata, and the sha256 of the files of pvdisc itself (`inputs.own` of the record). */
export interface PackageInputs {
  readonly metadata: readonly string[];
  readonly own: string;
}
