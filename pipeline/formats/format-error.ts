import { PvdiscError } from '../core/errors.ts';

/** Input that violates its format; `line` (from 1) is set for text formats. */
export class FormatError extends PvdiscError {
  constructor(message: string, line?: number) {
    super(message, line === undefined ? {} : { line });
    this.name = 'FormatError';
  }
}
