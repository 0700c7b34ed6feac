import * as z from 'zod';

const check = z.strictObject({
  verdict: z
    .enum(['good', 'bad', 'not-judged'])
    .describe('not-judged: could not be checked; the message gives the reason'),
  place: z.string().describe('File, path on a disc or in a package, or name of an installed package'),
  message: z.string(),
  hint: z.string().optional(),
});

/** JSON output of `pvdisc verify --format json` for one input. It stays compatible: keys are only added, other changes increment `schemaVersion`. */
export const verificationSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    input: z.string(),
    kind: z.enum(['release', 'iso', 'deb', 'oci', 'rpm', 'host']),
    good: z.boolean().describe('No check failed'),
    checks: z.array(check),
  })
  .meta({ id: 'verification', title: 'Output of pvdisc verify with --format json' });

/** JSON output for several inputs. */
export const verificationsSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    good: z.boolean().describe('All inputs could be read and no check failed'),
    results: z.array(verificationSchema).describe('Results in the order of the inputs'),
    errors: z
      .array(z.strictObject({ place: z.string(), message: z.string(), hint: z.string().optional() }))
      .describe('Inputs that could not be read; also on standard error'),
  })
  .meta({ id: 'verifications', title: 'Output of pvdisc verify with --format json for several inputs' });

export type Verification = z.output<typeof verificationSchema>;
export type Verifications = z.output<typeof verificationsSchema>;
export type Check = Verification['checks'][number];
