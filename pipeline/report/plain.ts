import type { Reporter } from './reporter.ts';

/** A reporter of plain lines, for logs: one when a stage starts and one when it ends. */
export function plainReporter(write: (line: string) => void): Reporter {
  return {
    stage: async (name, work, summary) => {
      write(`${name} ...`);
      const started = performance.now();
      const result = await work();
      write(`${name}: ${summary(result)} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
      return result;
    },
    progress: () => {},
    note: write,
  };
}
