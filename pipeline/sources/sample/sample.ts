import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { PipelineError } from '../../core/errors.ts';
import { driverFamilies } from '../../formats/windows/driver-family.ts';
import { defineSource, type SourceFile, type SourceRequest } from '../define.ts';
import type { SampleFile } from './drivers.ts';

/** The drivers embedded in pvdisc, for a first build on a machine without a network. */
export const sample = defineSource({
  type: 'sample',
  summary: 'small unsigned drivers that do nothing, made by pvdisc itself: needs no network',
  schema: z.strictObject({
    type: z.literal('sample'),
    catalogs: z
      .boolean()
      .optional()
      .describe('Whether the INFs name catalogs, which a release with "sign" makes and signs'),
    family: z.enum(driverFamilies).optional().describe('Family of the drivers; virtio when absent'),
  }),
  tools: [],
  pin: () => ({}),
  open: async ({ catalogs = false, family = 'virtio' }, request) => {
    refuseOverride(request);
    const { sampleFiles } = await import('./drivers.ts');
    const files: SourceFile[] = [];
    for (const file of sampleFiles(catalogs, family)) files.push(await placeFile(file, request));
    return { files };
  },
});

function refuseOverride({ id, override }: SourceRequest): void {
  if (override === undefined) return;
  throw new PipelineError('usage', {
    place: `--use ${id}=${override}`,
    message: `source ${id} is of type sample, which pvdisc makes itself and --use cannot replace`,
    hint: `leave out --use ${id}, or give the release a source of type directory`,
  });
}

async function placeFile({ path, bytes }: SampleFile, { scratch, skip }: SourceRequest): Promise<SourceFile> {
  if (skip(path)) return { path };
  const file = join(scratch, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes());
  return { path, file };
}
