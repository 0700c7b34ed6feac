import pMap from 'p-map';
import { formatProblem, PipelineError } from '../core/errors.ts';

/** Maps all items, four at a time, and throws one PipelineError with all problems, each once; any other error takes precedence. */
export async function allOrProblems<Item, Value>(
  items: readonly Item[],
  map: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const settled = await pMap(items, (item) => Promise.allSettled([map(item)]), { concurrency: 4 });
  const ends = settled.flat();
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
