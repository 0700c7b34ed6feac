import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { toolRoot } from '../system/own.ts';
import type { Conditions } from './conditions.ts';

/** What each build loads first: it sets the umask and lists folders backwards, as its environment says. */
export const preload = join(toolRoot, 'build/reproduce/surroundings.js');

/** How a build in a process of its own ended: the folder that it wrote its release into, and what it said. */
export interface BuiltApart {
  readonly out: string;
  readonly exitCode: number;
  readonly stderr: string;
}

/** Runs `pvdisc build` with some arguments in a process of its own under given conditions, below a private folder. */
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
