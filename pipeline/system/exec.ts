import { PipelineError } from '../core/errors.ts';
import { inSandbox, type ProgramCall } from './sandbox.ts';
import { fullDiskHint } from './system-error.ts';
import type { Tool } from './tools.ts';

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly cwd?: string;
  readonly input?: string;
  /** Variables added to this process's own, the C locale and UTC; undefined removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Run the tool in a process group of its own, so that an abort also ends the programs that it starts. */
  readonly group?: boolean;
  /** Run the tool in a sandbox where there is one, with only these paths visible below /tmp. */
  readonly sandbox?: { readonly readable: readonly string[] };
  /** Bytes of output kept in memory before the run counts as failed; 64 MiB by default. */
  readonly maxBuffer?: number;
}

/**
 * Runs a declared tool without a shell, in the C locale and UTC; throws with the last lines of its standard error when it fails.
 * execa is loaded with the first tool, since commands that run none start faster without it.
 */
export async function run(
  tool: Tool,
  args: readonly string[],
  options: RunOptions,
): Promise<{ stdout: string; stderr: string }> {
  const { execa } = await import('execa');
  const command = await toolCommand(tool, args, options);
  const running = execa(command.file, command.args, {
    ...toolEnvironment(options),
    maxBuffer: options.maxBuffer ?? 64 * 1024 * 1024,
  });
  const forget = endGroupOnAbort(running.pid, options);
  const result = await running;
  forget();
  if (result.failed) throw toolFailure(tool, args, result);
  return { stdout: String(result.stdout ?? ''), stderr: String(result.stderr ?? '') };
}

/** Returns the command that runs a tool, in the sandbox where the options ask for it; throws when the run is aborted. */
export async function toolCommand(
  tool: Tool,
  args: readonly string[],
  { sandbox, signal }: RunOptions,
): Promise<ProgramCall> {
  if (sandbox === undefined) return { file: tool.name, args };
  const command = await inSandbox(tool, args, sandbox.readable);
  signal?.throwIfAborted();
  return command;
}

/** How a tool ended, as execa reports it. */
export interface RunEnd {
  readonly isCanceled: boolean;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
  readonly stderr?: unknown;
}

/** Returns the error for a tool that ran and failed; an interrupted run is reported as such. */
export function toolFailure(tool: Tool, args: readonly string[], result: RunEnd): PipelineError {
  if (result.isCanceled)
    return new PipelineError('interrupted', { place: tool.name, message: 'interrupted' });
  const end = result.signal ?? result.exitCode ?? result.code ?? 'unknown';
  const output = String(result.stderr ?? '')
    .trim()
    .split('\n')
    .slice(-8)
    .join('\n  ');
  const fact = saysFullDisk(output) ? 'the disk is full' : `failed (${end})`;
  const hint = saysFullDisk(output) ? fullDiskHint : wasKilled(result) ? killedHint : undefined;
  return new PipelineError('input', {
    place: tool.name,
    message: `${fact}: ${tool.name} ${args.join(' ')}${output === '' ? '' : `\n  ${output}`}`,
    ...(hint !== undefined && { hint }),
  });
}

/** Tells whether another program ended a tool; bubblewrap returns 128 + the signal of the program in it (bwrap(1)). */
export function wasKilled({ signal, exitCode }: Pick<RunEnd, 'signal' | 'exitCode'>): boolean {
  return signal === 'SIGKILL' || signal === 'SIGTERM' || exitCode === 128 + 9 || exitCode === 128 + 15;
}

export const killedHint =
  'another program or the kernel ended it, perhaps for lack of memory (dmesg shows that): try again';

/** Messages of the C library, and of xorriso, which compares the sizes before it writes. */
function saysFullDisk(output: string): boolean {
  return /No space left on device|exceeds free space/.test(output);
}

/** Ends the process group of a tool, if it has one of its own, when the run is aborted; returns what gives that up. */
export function endGroupOnAbort(leader: number | undefined, options: RunOptions): () => void {
  const { signal } = options;
  const end = () => endGroup(leader, options);
  signal?.addEventListener('abort', end, { once: true });
  return () => signal?.removeEventListener('abort', end);
}

/**
 * Ends the process group of a tool, if it has one of its own. A sandbox is killed: if bubblewrap ends before its child has asked to
 * end with it (--die-with-parent), the child stays, and SIGTERM does not end the first process of a PID namespace (pid_namespaces(7)).
 */
export function endGroup(leader: number | undefined, options: RunOptions): void {
  if (leader === undefined || !hasGroup(options)) return;
  try {
    process.kill(-leader, options.sandbox === undefined ? 'SIGTERM' : 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function hasGroup({ group, sandbox }: RunOptions): boolean {
  return group === true || sandbox !== undefined;
}

/** Returns the execa options that every tool has. */
export function toolEnvironment(options: RunOptions) {
  return {
    reject: false as const,
    stripFinalNewline: false as const,
    detached: hasGroup(options),
    env: { LC_ALL: 'C', TZ: 'UTC', ...options.env },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.signal !== undefined && { cancelSignal: options.signal, forceKillAfterDelay: 2000 }),
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
  };
}

/** Returns the version that a tool prints, such as `1.5.4`. */
export async function toolVersion(tool: Tool): Promise<string> {
  const { stdout, stderr } = await run(tool, tool.versionArgs, {});
  const version = /\d+(?:\.\d+)+/.exec(`${stdout}\n${stderr}`)?.[0];
  if (version === undefined) {
    throw new PipelineError('tool', {
      place: tool.name,
      message: `printed no version number for ${tool.versionArgs.join(' ')}`,
      hint: `is ${tool.name} on the PATH really the program of Debian's ${tool.debianPackage}?`,
    });
  }
  return version;
}
