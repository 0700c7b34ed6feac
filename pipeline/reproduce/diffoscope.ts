import { readFile } from 'node:fs/promises';
import { PipelineError } from '../core/errors.ts';
import { run } from '../system/exec.ts';
import { diffoscope, missingTools } from '../system/tools.ts';

/** Returns what diffoscope says of two files, cut to a screenful or two; undefined where it is not installed. */
export async function explainDifference(
  files: readonly [string, string],
  report: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if ((await missingTools([diffoscope])).length > 0) return undefined;
  const args = ['--no-progress', '--text', report, '--max-text-report-size', String(reportBytes), ...files];
  try {
    await run(diffoscope, args, { signal });
  } catch (error) {
    if (!(error instanceof PipelineError) || error.kind === 'interrupted') throw error;
    const text = await readFile(report, 'utf8').catch(() => '');
    if (text === '') throw error; // exit code 1 means that it found a difference, and wrote it
    return text.slice(0, reportBytes);
  }
  return undefined;
}

const reportBytes = 8192;
