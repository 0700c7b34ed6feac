import { execa } from 'execa';

/** Compiles the program once, for the tests that start it as a process of its own. */
export async function setup(): Promise<void> {
  await execa('node', ['scripts/compile.mjs']);
}
