import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { type RunEnd, type RunOptions, toolFailure } from './exec.ts';
import type { Tool } from './tools.ts';

/**
 * Sends a stream through a tool into a file, neither of them held in memory, in the C locale and UTC. Throws what the
 * stream fails with, or the tool's own words; the process has ended and the stream is closed when this returns or throws.
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
