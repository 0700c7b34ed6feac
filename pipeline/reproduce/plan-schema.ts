import * as z from 'zod';
import { packageFormats } from '../manifest/package-schema.ts';
import { digestField } from '../model/shared-schema.ts';

export const profiles = ['full', 'slim'] as const;
export type Profile = (typeof profiles)[number];

const job = z
  .strictObject({
    id: z.string().describe('<name>-<version>-<profile>-<format>'),
    release: z.string().describe('As given'),
    name: z.string(),
    version: z.string(),
    profile: z.enum(profiles),
    format: z.enum(packageFormats),
    key: digestField.describe('sha256 of all inputs: equal keys, equal results'),
    command: z.array(z.string()).describe('The build, without pvdisc itself'),
    out: z.string().describe('The folder that the build writes'),
  })
  .describe('A build that depends on no other: a release in one profile, packaged in one format');

/** Output of `pvdisc plan --format json`. */
export const planSchema = z
  .strictObject({ schemaVersion: z.literal(1), jobs: z.array(job) })
  .meta({ id: 'plan', title: 'Output of pvdisc plan with --format json' });

export type PlannedJob = z.output<typeof job>;
