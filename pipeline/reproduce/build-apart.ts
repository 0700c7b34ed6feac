import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { toolRoot } from '../system/own.ts';
import type { Conditions } from './conditions.ts';

/** Module that each build preloads to set the umask and the order of folder listings from its environment. */
export const preload = join(toolRoot, 'build/reproduce/surroundings.js');

/** Result of a build in a separate process. */
export interface BuiltApart {
  /** Output folder of the build. */
  readonly out: string;
  readonly exitCode: number;
  readonly stderr: string;
}

/** Runs `pvdisc build` in a separate process under the given conditions, in a folder below `base`. */
export async function buildApart(
  args: readonly string[],
  base: string,
  { folder, umask, env, isReversed }: Conditions,
  context: { readonly signal: AbortSignal; readonly env: NodeJS.ProcessEnv },
): Promise<BuiltApart> {
  const { execa } = await import('execa');
  const [tmp, cwd, out] = ['tmp', 'cwd', 'out'].map((name) => join(base, folder, name));
  if (tmp === undefined || cwd === undefined || out === undefined)
    throw new Error('three names, three paths');
  for (const path of [tmp, cwd]) await mkdir(path, { recursive: true });
  const program = join(toolRoot, 'build/cli/index.js');
  const { exitCode, stderr, isCanceled } = await execa(
    process.execPath,
    ['--import', pathToFileURL(preload).href, program, 'build', ...args, '--out', out, '--quiet'],
    {
      cwd,
      env: {
        ...context.env,
        ...env,
        TMPDIR: tmp,
        PVDISC_UMASK: umask,
        PVDISC_REVERSED: isReversed ? '1' : '0',
      },
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      cancelSignal: context.signal,
      forceKillAfterDelay: 5000,
    },
  );
  if (isCanceled) context.signal.throwIfAborted();
  return { out, exitCode: exitCode ?? 70, stderr };
}
