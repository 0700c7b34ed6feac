import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** V8 optimizes functions later, and has room for the values of a short run before it looks for dead ones, in one thread. */
const options = '--interrupt-budget=1000000 --min-semi-space-size=16 --single-threaded-gc';

/**
 * Puts a `node` first on the PATH whose processes are short, as those of tests are: a build of the sample takes a fifth less. Vitest
 * calls the returned function at the end.
 */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'pvdisc-node-'));
  await chmod(folder, 0o755); // for tests that become another user
  await writeFile(join(folder, 'node'), `#!/bin/sh\nexec '${process.execPath}' ${options} "$@"\n`, {
    mode: 0o755,
  });
  process.env.PATH = [folder, process.env.PATH].join(delimiter);
  return () => rm(folder, { recursive: true, force: true });
}
