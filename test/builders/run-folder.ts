import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A temporary folder that all test files of one run share. */
    readonly runFolder: string;
  }
}

/** Creates the folder that all test files of a run share; vitest calls the returned function at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'pvdisc-run-'));
  await chmod(folder, 0o755); // tests that become another user run programs from it
  project.provide('runFolder', folder);
  return () => rm(folder, { recursive: true, force: true });
}
