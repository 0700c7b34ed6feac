import { formatProblem, PipelineError } from '../errors.ts';

/** Waits for all, and throws one PipelineError with the problems of all that failed, each once; any other failure goes first. */
export async function allOrProblems<Value>(runs: readonly Promise<Value>[]): Promise<Value[]> {
  const ends = await Promise.allSettled(runs);
  const failures = ends.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []));
  const problems = failures.flatMap((failure) => {
    if (failure instanceof PipelineError && failure.kind === 'input') return failure.problems;
    throw failure;
  });
  if (problems.length > 0) {
    throw new PipelineError('input', [
      ...new Map(problems.map((problem) => [formatProblem(problem), problem])).values(),
    ]);
  }
  return ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
}
