/** Consecutive bytes of a file. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/** Where bytes lie on this machine: in a whole file, or in extents of one, in their order, such as those of a file on a disc. */
export interface StoredBytes {
  readonly file: string;
  readonly extents?: readonly Extent[];
}

/** The bytes of a file: where they lie, their digest (sha256, lower-case hex) and size in bytes. */
export interface Content extends StoredBytes {
  readonly sha256: string;
  readonly size: number;
}
