import { main } from '../../pipeline/cli/main.ts';
import { findSandbox } from '../../pipeline/system/sandbox.ts';
import { lookForBug } from './bug-guard.ts';

/** What a run of the command line printed and how it ended. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `pvdisc` in this process, without a terminal, with only the given environment; that this machine has no sandbox is not in what it printed. */
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

/** Takes out what pvdisc says where this machine has no sandbox. */
export async function withoutSandboxNote(stderr: string): Promise<string> {
  const sandbox = await findSandbox();
  return sandbox.kind === 'none' ? stderr.replace(/^pvdisc: no sandbox for .*\n/gm, '') : stderr;
}
