import type { Reporter } from '../../core/reporter.ts';
import { progressText } from './progress-text.ts';

/** Milliseconds between two lines about one long download. */
const lineEvery = 15_000;

/** A reporter of plain lines, for logs: one when a stage starts, one when it ends, and of a download one now and then. */
export function plainReporter(
  write: (line: string) => void,
  now: () => number = () => performance.now(),
): Reporter {
  let last = now();
  return {
    stage: async (name, work, summary) => {
      write(`${name} ...`);
      const started = now();
      last = started;
      const result = await work();
      write(`${name}: ${summary(result)} (${((now() - started) / 1000).toFixed(1)} s)`);
      return result;
    },
    progress: (progress) => {
      if (progress.bytesPerSecond === undefined || now() - last < lineEvery) return;
      last = now();
      write(progressText(progress));
    },
    note: write,
  };
}
