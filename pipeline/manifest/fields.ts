import * as z from 'zod';

/** A text that README.txt on the disc shows: Windows Setup and old editors read only ASCII reliably. */
export const readmeLine = z
  .string()
  .regex(/^[\x20-\x7e]+$/, 'must be one line of printable ASCII: README.txt on the disc shows it');

/** Why something is so, for people to read: blanks alone say nothing. */
export const reasonText = z.string().regex(/\S/, 'must say why');
