import type { Readable } from 'node:stream';
import { execa } from 'execa';
import type { PipelineError } from '../core/errors.ts';
import {
  endGroup,
  endGroupOnAbort,
  type RunEnd,
  type RunOptions,
  toolCommand,
  toolEnvironment,
  toolFailure,
  wasKilled,
} from './exec.ts';
import { openFile } from './files.ts';
import type { Tool } from './tools.ts';

/** `failure` returns the error for a tool that fails by itself, from the last lines of its standard error. */
interface ToolOutputOptions extends RunOptions {
  /** A file that becomes the standard input of the tool. */
  readonly stdinFile?: string;
  readonly failure: (message: string) => PipelineError;
}

/**
 * Runs a tool and passes its output to `read` as a stream. Throws the error of `read`, or the error of the tool where the tool failed
 * by itself. The process has ended when this returns or throws.
 */
export async function readToolOutput(
  tool: Tool,
  args: readonly string[],
  options: ToolOutputOptions,
  read: (bytes: Readable) => Promise<void>,
): Promise<void> {
  const input = options.stdinFile === undefined ? undefined : await openFile(options.stdinFile);
  try {
    const stdin = input?.createReadStream({ autoClose: false });
    await readOutput(tool, args, { ...options, ...(stdin && { stdin }) }, read);
  } finally {
    await input?.close();
  }
}

async function readOutput(
  tool: Tool,
  args: readonly string[],
  { stdin, ...options }: ToolOutputOptions & { readonly stdin?: Readable },
  read: (bytes: Readable) => Promise<void>,
): Promise<void> {
  const { execa } = await import('execa');
  const command = await toolCommand(tool, args, options);
  const process = execa(command.file, command.args, {
    ...toolEnvironment(options),
    ...(stdin && { stdin }),
    buffer: { stdout: false, stderr: true },
  });
  const forget = endGroupOnAbort(process.pid, options);
  const failure = await read(process.stdout).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const cut = failure !== undefined && !process.stdout.readableEnded;
  if (cut) {
    process.kill();
    endGroup(process.pid, options);
    process.stdout.destroy();
  } else await drain(process.stdout);
  const result = await process;
  forget();
  if (result.isCanceled || (result.code === 'ENOENT' && result.exitCode === undefined)) {
    throw toolFailure(tool, args, result);
  }
  if (result.failed && !cut)
    throw wasKilled(result) ? toolFailure(tool, args, result) : options.failure(lastOutput(result));
  if (failure !== undefined) throw failure.error;
}

/** Reads the rest of the output; `resume` does nothing while an iterator of `read` is open. */
async function drain(stdout: Readable): Promise<void> {
  if (stdout.destroyed) return;
  for await (const _ of stdout);
}

function lastOutput(result: { stderr?: unknown; exitCode?: number; signal?: string }): string {
  const output = String(result.stderr ?? '')
    .trim()
    .split('\n')
    .slice(-4)
    .join('; ');
  return output === '' ? `it ended with ${result.signal ?? result.exitCode}` : output;
}

/**
 * Pipes a stream through a tool into a file, in the C locale and UTC. Throws the error of the stream or of the tool; the
 * process has ended and the stream is closed when this returns or throws.
 */
export async function filterToFile(
  tool: Tool,
  args: readonly string[],
  source: Readable,
  file: string,
  { signal, env }: Pick<RunOptions, 'signal' | 'env'>,
): Promise<void> {
  const result = await execa(tool.name, args, {
    input: source,
    stdout: { file },
    buffer: { stdout: false, stderr: true },
    reject: false,
    env: { LC_ALL: 'C', TZ: 'UTC', ...env },
    ...(signal !== undefined && { cancelSignal: signal, forceKillAfterDelay: 2000 }),
  });
  source.destroy();
  if (!result.failed) return;
  throw streamFailure(result) ?? toolFailure(tool, args, result);
}

/** A stream that fails ends the tool with a broken pipe; the stream's error is then the cause, not the tool's end. */
function streamFailure({ cause, exitCode, signal, isCanceled }: RunEnd & { cause?: unknown }): unknown {
  const hasRun = exitCode !== undefined || signal !== undefined;
  const isPipe = (cause as NodeJS.ErrnoException | undefined)?.code === 'EPIPE';
  return hasRun && !isCanceled && !isPipe ? cause : undefined;
}
