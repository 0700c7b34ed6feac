import * as z from 'zod';
import { defaultLimits } from '../core/limits.ts';
import { pathProblem } from '../core/safe-path.ts';

/** Fields that several source types share, with the descriptions for `--help` and editors. */
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
    .refine(
      (url) => !/^[^:]+:\/\/(?:[^/@]*@)?-/.test(url),
      'must not have a host that begins with -: programs would parse it as an option',
    )
    .refine((url) => !/^[^:]+:\/\/[^/@]*:[^/@]*@/.test(url), 'must not hold a password: the record shows it');
}

const count = z.int().min(1);

/** Limits of a source; each has a default. */
export const limitsField = z
  .strictObject({
    files: count.default(defaultLimits.files).describe('Files and folders'),
    size: count.default(defaultLimits.size).describe('Bytes of all files, unpacked'),
    infSize: count.default(defaultLimits.infSize).describe('Bytes of all INFs, which are held in memory'),
    ratio: count
      .default(defaultLimits.ratio)
      .describe('Unpacked bytes per packed byte, looked at once 64 MiB are unpacked'),
    depth: count.default(defaultLimits.depth).describe('Names in a path'),
    pathLength: count.max(4096).default(defaultLimits.pathLength).describe('Bytes of a path'),
    seconds: count
      .max(86_400)
      .default(defaultLimits.seconds)
      .describe('Time to list and unpack it, without a download'),
  })
  .describe(
    'Limits of this source, to raise them: the defaults are far above any real disc and stop bombs and damaged files',
  );
