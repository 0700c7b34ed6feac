import { readFile } from 'node:fs/promises';
import { PipelineError } from '../core/errors.ts';
import { run } from '../system/exec.ts';
import { diffoscope, missingTools } from '../system/tools.ts';

/** Returns the first lines of diffoscope's report on two files; undefined if it is not installed. */
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
    if (text === '') throw error; // it exits with 1 after it wrote the differences
    return text.slice(0, reportBytes);
  }
  return undefined;
}

const reportBytes = 8192;
