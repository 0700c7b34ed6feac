/** A file is not what its format demands; `line` (from 1) is given for text formats. */
export class FormatError extends Error {
  readonly line?: number;

  constructor(message: string, line?: number) {
    super(message);
    this.name = 'FormatError';
    if (line !== undefined) this.line = line;
  }
}
