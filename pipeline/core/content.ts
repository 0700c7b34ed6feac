/** Consecutive bytes of a file. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/** The local location of bytes: a whole file, or extents of one, in order, such as a file on a disc. */
export interface StoredBytes {
  readonly file: string;
  readonly extents?: readonly Extent[];
}

/** The bytes of a file: their location, digest (sha256, lower-case hex) and size in bytes. */
export interface Content extends StoredBytes {
  readonly sha256: string;
  readonly size: number;
}
