import { isSystemError, PipelineError } from '../core/errors.ts';
import { systemHint } from './system-error.ts';

/**
 * Runs the work of a source and turns the errors that a user can cause into a `PipelineError`: an abort into `interrupted`,
 * a system error into an `input` error that names the file. Any other error is a bug and passes.
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
