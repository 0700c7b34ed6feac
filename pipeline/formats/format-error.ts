import { PvdiscError } from '../core/errors.ts';

/** A file is not what its format demands; `line` (from 1) is given for text formats. */
export class FormatError extends PvdiscError {
  constructor(message: string, line?: number) {
    super(message, line === undefined ? {} : { line });
    this.name = 'FormatError';
  }
}
