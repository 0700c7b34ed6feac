/** The bytes of a file: where they lie on this machine, their digest (lower-case hex) and size in bytes. */
export interface Content {
  readonly file: string;
  readonly sha256: string;
  readonly size: number;
}
