import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleaseContext } from '../../core/context.ts';
import { run } from '../../system/exec.ts';
import { readStored } from '../../system/stored-bytes.ts';
import { gcab } from '../../system/tools.ts';
import type { PlannedCabinet } from './plan.ts';

/** The date of the release is that of all files in the cabinets. */
export type SubmissionContext = ReleaseContext & { readonly epoch: number };

/** Writes a cabinet (MSZIP) with gcab in the work folder, and returns its bytes: the same for the same files and epoch. */
export async function writeCabinet(
  { arch, folders }: PlannedCabinet,
  { workDir, epoch, signal, reporter }: SubmissionContext,
): Promise<Buffer> {
  const root = join(workDir, `cabinet-${arch}`);
  const names: string[] = [];
  for (const { folder, files } of folders) {
    await mkdir(join(root, folder), { recursive: true });
    for (const [name, { content }] of files) {
      signal.throwIfAborted();
      const file = join(root, folder, name);
      await writeFile(file, await readStored(content), { mode: 0o644 });
      await utimes(file, epoch, epoch);
      names.push(`${folder}/${name}`);
      reporter.progress({ files: names.length, item: name });
    }
  }
  const cabinet = join(workDir, `${arch}.cab`);
  await run(gcab, ['--create', '--zip', cabinet, ...names], { cwd: root, signal });
  return readFile(cabinet);
}
