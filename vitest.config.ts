import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Begins with the files that take longest, so that no core waits for them at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => /\/test\/(?:acceptance|docs)\//.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/.cache/**'],
    setupFiles: ['test/builders/bug-guard-setup.ts'],
    globalSetup: ['test/compile.ts', 'test/builders/run-folder.ts', 'test/builders/quick-node.ts'],
    env: { no_proxy: `${process.env.no_proxy ?? process.env.NO_PROXY ?? ''},127.0.0.1` },
    isolate: false, // to start a process and load all modules takes longer than the tests of most files
    execArgv: ['--min-semi-space-size=16', '--single-threaded-gc'], // the cores have enough to do
    maxWorkers: Math.ceil(1.5 * availableParallelism()), // tests wait for guests, servers and disks
    sequence: { sequencer: LongestFirst },
    testTimeout: 180_000, // only what hangs: a busy machine is slow
    hookTimeout: 300_000,
    coverage: {
      include: ['pipeline/**/*.ts'],
      exclude: ['pipeline/cli/index.ts', 'pipeline/cli/program.ts', 'pipeline/page/browser/**'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 90 },
    },
  },
});
