import { run } from '../../system/exec.ts';
import { tools } from '../../system/tools.ts';

/** Settings for every call: no configuration of the user or the machine, no prompts, no hooks, any owner. */
const settings = [
  '--no-replace-objects',
  ...['safe.directory=*', 'core.hooksPath=/dev/null', 'gc.auto=0', 'maintenance.auto=false'].flatMap(
    (setting) => ['-c', setting],
  ),
];

/** Runs git on a repository's git folder and returns what it printed; throws git's error message when it fails. */
export async function runGit(gitDir: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  const options = { signal, env: gitEnvironment(), sandbox: gitSandbox };
  const { stdout } = await run(tools.git, gitArguments(gitDir, args), options);
  return stdout;
}

/** Paths that git must see in the sandbox: work trees and alternates may point anywhere. */
export const gitSandbox = { readable: ['/tmp'] } as const;

/** Returns the whole argument list for a command on a git folder. */
export function gitArguments(gitDir: string, args: readonly string[]): string[] {
  return [`--git-dir=${gitDir}`, ...settings, ...args];
}

/**
 * Returns the environment for reading objects: without the `GIT_` variables of this process (a hook sets `GIT_DIR`),
 * and without network, since a partial clone would otherwise fetch missing objects.
 */
export function gitEnvironment(): Record<string, string | undefined> {
  const inherited = Object.keys(process.env).filter((name) => /^GIT_(?!SSL_|SSH)/.test(name));
  return {
    ...Object.fromEntries(inherited.map((name) => [name, undefined])),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
  };
}
