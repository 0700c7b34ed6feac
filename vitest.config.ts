import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && !name.startsWith('.cache/'))
  .map((name) => `test/${name}`);

/** A module stays mocked as long as its process lives; and what takes longest begins first. */
const alone = files.filter(
  (name) => /^test\/(?:acceptance|docs)\//.test(name) || readFileSync(name, 'utf8').includes('vi.mock('),
);

const common = {
  setupFiles: ['test/builders/bug-guard-setup.ts'],
  env: { no_proxy: `${process.env.no_proxy ?? process.env.NO_PROXY ?? ''},127.0.0.1` },
  testTimeout: 180_000, // only what hangs: a busy machine is slow
  hookTimeout: 300_000,
};

export default defineConfig({
  test: {
    globalSetup: ['test/compile.ts', 'test/builders/run-folder.ts'],
    maxWorkers: availableParallelism() + 1, // tests wait for guests, servers and disks
    projects: [
      { test: { ...common, name: 'alone', include: alone } },
      // To start a process and load all modules takes longer than the tests of most files.
      {
        test: {
          ...common,
          name: 'together',
          include: files.filter((name) => !alone.includes(name)),
          isolate: false,
        },
      },
    ],
    coverage: {
      include: ['pipeline/**/*.ts'],
      exclude: ['pipeline/cli/index.ts', 'pipeline/cli/program.ts', 'pipeline/page/browser/**'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 90 },
    },
  },
});
