import type { Reporter } from '../../core/reporter.ts';
import { progressText } from './progress-text.ts';

/** Milliseconds between progress lines of a download. */
const lineEvery = 15_000;

/** Reports in plain lines, for logs: when a stage starts, when it ends, and from time to time during a download. */
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
