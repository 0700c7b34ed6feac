/** Input that violates its format; `line` (from 1) is set for text formats. */
export class FormatError extends Error {
  readonly line?: number;

  constructor(message: string, line?: number) {
    super(message);
    this.name = 'FormatError';
    if (line !== undefined) this.line = line;
  }
}
