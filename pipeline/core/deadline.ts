import type { RunContext } from './context.ts';
import { type Limits, overLimit } from './limits.ts';
import type { Subject } from './refusal.ts';

/** Reads a source with a context whose signal also fires when the time limit is over; that is then the error. */
export async function withDeadline<Result>(
  subject: Subject,
  { seconds }: Limits,
  context: RunContext,
  read: (context: RunContext) => Promise<Result>,
): Promise<Result> {
  const deadline = AbortSignal.timeout(seconds * 1000);
  try {
    return await read({ ...context, signal: AbortSignal.any([context.signal, deadline]) });
  } catch (error) {
    if (!deadline.aborted || context.signal.aborted) throw error;
    throw overLimit(subject, 'seconds', `took more than ${seconds} seconds to read`);
  }
}
