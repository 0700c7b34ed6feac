import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/.cache/**'],
    globalSetup: ['test/compile.ts', 'test/builders/run-folder.ts'],
    setupFiles: ['test/builders/bug-guard-setup.ts'],
    env: { no_proxy: `${process.env.no_proxy ?? process.env.NO_PROXY ?? ''},127.0.0.1` },
    maxWorkers: '100%', // vitest leaves a core idle otherwise: half of a machine with two
    testTimeout: 180_000, // only what hangs: a busy machine is slow
    hookTimeout: 300_000,
    coverage: {
      include: ['pipeline/**/*.ts'],
      exclude: ['pipeline/cli/index.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 90 },
    },
  },
});
