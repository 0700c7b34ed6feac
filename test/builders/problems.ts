import { formatProblem, PipelineError } from '../../pipeline/core/errors.ts';

/** Returns the problems of the PipelineError that a run ends with, as people read them, with `folder` written as `.`; any other end is an error. */
export async function problemsOf(run: Promise<unknown>, folder?: string): Promise<string[]> {
  const end = await run.then(
    () => new Error('the run was good, expected a PipelineError'),
    (error: unknown) => error,
  );
  if (!(end instanceof PipelineError)) throw end;
  return end.problems.map((problem) => formatProblem(problem).replaceAll(folder ?? '\0', '.'));
}
