import * as z from 'zod';
import { isCatalogWord } from '../formats/windows/catalog-words.ts';
import { archNames } from '../formats/windows/targets.ts';
import { readmeLine } from './fields.ts';

const targetRow = z.strictObject({
  os: z
    .string()
    .regex(/^[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*$/, 'must be letters, digits and single dots between them')
    .describe('OS folder on the disc; an interface, never renamed'),
  arch: z.enum(archNames),
  windows: readmeLine.describe('Name of the Windows version, as people say it'),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/)
    .describe('NT version major.minor.build of the first release'),
  product: z.enum(['workstation', 'server']),
  decoration: z
    .string()
    .regex(/^NT(x86|amd64|arm64)\.\d+\.\d+(\.\.\.\d+)?$/)
    .describe('The decoration that upstream gives the models section of an INF for this target'),
  folder: z
    .string()
    .regex(/^[^/]+\/[^/]+$/)
    .describe('Build folder whose files serve this target'),
  catalog: z
    .array(z.string().refine(isCatalogWord, 'must be a word that Inf2Cat writes, such as _v100_X64'))
    .min(1)
    .optional()
    .describe('What the catalog of a driver for this Windows names it (`OS`); clients before servers'),
  osinfo: z
    .string()
    .regex(/^win-[0-9a-z.]+$/)
    .optional()
    .describe(
      'Name of this Windows in osinfo-db (microsoft.com/<name>.xml); osinfo-db announces drivers for it',
    ),
});

/** Shape of `drivers-manifest/targets.yaml`. */
export const targetsSchema = z
  .strictObject({ targets: z.array(targetRow).min(1) })
  .meta({ id: 'targets', title: 'The targets: build folder, disc folder and Windows version' });

export type TargetRow = z.output<typeof targetRow>;
