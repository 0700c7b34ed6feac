import { isSystemError, PipelineError } from '../core/errors.ts';
import { systemHint } from './system-error.ts';

/**
 * Runs the work of a source so that a user's mistake leaves it as a `PipelineError`: an abort becomes `interrupted`,
 * a file system error an `input` error that names the file. Everything else is a bug and passes.
 */
export async function guarded<Result>(
  place: string,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    signal.throwIfAborted();
    const result = await work();
    signal.throwIfAborted();
    return result;
  } catch (error) {
    if (signal.aborted)
      throw new PipelineError('interrupted', { place, message: 'interrupted' }, { cause: error });
    if (isSystemError(error)) {
      const hint = systemHint(error.code);
      const problem = { place, message: error.message, ...(hint !== undefined && { hint }) };
      throw new PipelineError('input', problem, { cause: error });
    }
    throw error;
  }
}
