import type { RunContext } from './context.ts';

/** One typed step of the pipeline. `run` is a property, so that its parameters are compared strictly. */
export interface Stage<Input, Context extends RunContext, Output> {
  readonly name: string;
  readonly run: (input: Input, context: Context) => Promise<Output>;
}

/** Declares a stage (identity, for inference). */
export function defineStage<Input, Context extends RunContext, Output>(
  stage: Stage<Input, Context, Output>,
): Stage<Input, Context, Output> {
  return stage;
}
