import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PipelineError } from '../core/errors.ts';
import { exists } from '../system/files.ts';

const builtRecord = z.object({ upstream: z.object({ release: z.string() }).optional() });

/** 64 MiB: the record of the largest disc has some 2. */
const maxRecordBytes = 2 ** 26;

/** Returns the upstream releases that are built in a folder such as `dist`, by the records of its releases; none where the folder is not there yet. */
export async function builtReleases(folder: string): Promise<string[]> {
  if (!(await exists(folder))) return [];
  const built: string[] = [];
  for (const name of (await readdir(folder)).filter((entry) => !entry.startsWith('.'))) {
    const file = join(folder, name, 'release.json');
    if (await exists(file)) built.push(...(await upstreamOf(file)));
  }
  return built;
}

async function upstreamOf(file: string): Promise<string[]> {
  try {
    if ((await stat(file)).size > maxRecordBytes) throw new Error(`has more than ${maxRecordBytes} bytes`);
    const { upstream } = builtRecord.parse(JSON.parse(await readFile(file, 'utf8')));
    return upstream === undefined ? [] : [upstream.release];
  } catch (error) {
    throw new PipelineError('input', {
      place: file,
      message: `is no record of a build: ${(error as Error).message}`,
      hint: 'build the release again, or name another folder with --built',
    });
  }
}
