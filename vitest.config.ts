import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && !name.startsWith('.cache/'))
  .map((name) => `test/${name}`);

/** A module stays mocked as long as its process lives. */
const mocking = files.filter((name) => readFileSync(name, 'utf8').includes('vi.mock('));
const others = files.filter((name) => !mocking.includes(name));
const longest = others.filter((name) => /^test\/(?:acceptance|docs)\//.test(name));

const common = {
  setupFiles: ['test/builders/bug-guard-setup.ts'],
  env: { no_proxy: `${process.env.no_proxy ?? process.env.NO_PROXY ?? ''},127.0.0.1` },
  execArgv: ['--min-semi-space-size=16', '--single-threaded-gc'], // the cores have enough to do
  testTimeout: 180_000, // only what hangs: a busy machine is slow
  hookTimeout: 300_000,
};

export default defineConfig({
  test: {
    globalSetup: ['test/compile.ts', 'test/builders/run-folder.ts', 'test/builders/quick-node.ts'],
    maxWorkers: Math.ceil(1.5 * availableParallelism()), // tests wait for guests, servers and disks
    // To start a process and load all modules takes longer than the tests of most files. What takes longest begins first.
    projects: [
      { test: { ...common, name: 'longest', include: longest, isolate: false } },
      { test: { ...common, name: 'mocking', include: mocking } },
      {
        test: {
          ...common,
          name: 'others',
          include: others.filter((name) => !longest.includes(name)),
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
