import { main } from '../../pipeline/cli/main.ts';
import { findSandbox } from '../../pipeline/system/sandbox.ts';
import { lookForBug } from './bug-guard.ts';

/** Output and exit code of the command. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `pvdisc` in this process, without a terminal and with only the given environment; removes the note about a missing sandbox. */
export async function pvdisc(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  let stdout = '';
  let stderr = '';
  const exitCode = await main(args, {
    stdout: {
      write: (text) => {
        stdout += text;
      },
    },
    stderr: {
      write: (text) => {
        stderr += text;
      },
    },
    env,
  });
  lookForBug(`pvdisc ${args.join(' ')}`, stdout, stderr);
  return { exitCode, stdout, stderr: await withoutSandboxNote(stderr) };
}

/** Removes the note about a missing sandbox. */
export async function withoutSandboxNote(stderr: string): Promise<string> {
  const sandbox = await findSandbox();
  return sandbox.kind === 'none' ? stderr.replace(/^pvdisc: no sandbox for .*\n/gm, '') : stderr;
}
