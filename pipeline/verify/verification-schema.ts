import { z } from 'zod';

const check = z.strictObject({
  verdict: z
    .enum(['good', 'bad', 'not-judged'])
    .describe('not-judged: it could not be checked, and the message says why'),
  place: z
    .string()
    .describe(
      'A file of what was verified, a path on its disc or in its package, or the name of an installed package',
    ),
  message: z.string(),
  hint: z.string().optional(),
});

/** Shape of what `pvdisc verify --format json` prints for one input; keys are only ever added, `schemaVersion` counts other changes. */
export const verificationSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    input: z.string(),
    kind: z.enum(['release', 'iso', 'deb', 'host']),
    good: z.boolean().describe('Nothing bad was found'),
    checks: z.array(check),
  })
  .meta({ id: 'verification', title: 'What pvdisc verify prints with --format json' });

/** Shape of what it prints for several inputs. */
export const verificationsSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    good: z.boolean().describe('Nothing bad was found in any input, and all could be read'),
    results: z.array(verificationSchema).describe('In the order of the inputs'),
    errors: z
      .array(z.strictObject({ place: z.string(), message: z.string(), hint: z.string().optional() }))
      .describe('Of inputs that could not be read; also on stderr'),
  })
  .meta({ id: 'verifications', title: 'What pvdisc verify prints with --format json for several inputs' });

export type Verification = z.output<typeof verificationSchema>;
export type Verifications = z.output<typeof verificationsSchema>;
export type Check = Verification['checks'][number];
