import { z } from 'zod';
import { pathProblem } from './safe-path.ts';

/** Fields that several source types share, with the words that `--help` and editors show. */
export const sha256Field = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits')
  .describe('sha256 of the file, 64 lower-case hexadecimal digits');

export const pathField = z.string().min(1);

export const folderField = z
  .string()
  .refine((folder) => pathProblem(folder) === undefined, {
    error: ({ input }) => `${pathProblem(String(input))} (give a folder as a/b, without a slash at its end)`,
  })
  .describe('Only the files below this folder, with their paths relative to it');

/** A URL of one of the schemes, without a password, since the record of a build shows it. */
export function urlField(schemes: readonly string[]) {
  return z
    .string()
    .regex(new RegExp(`^(?:${schemes.join('|')})://[^\\s]+$`), `must begin with ${schemes.join('://, ')}://`)
    .refine((url) => URL.canParse(url), 'must be a URL')
    .refine((url) => !/^[^:]+:\/\/[^/@]*:[^/@]*@/.test(url), 'must not hold a password: the record shows it');
}
