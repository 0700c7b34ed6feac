import { PipelineError, type Problem } from '../core/errors.ts';
import type { Check } from './verification-schema.ts';

export function good(place: string, message: string): Check {
  return { verdict: 'good', place, message };
}

export function bad(place: string, message: string, hint?: string): Check {
  return { verdict: 'bad', place, message, ...(hint !== undefined && { hint }) };
}

export function notJudged(place: string, message: string, hint?: string): Check {
  return { verdict: 'not-judged', place, message, ...(hint !== undefined && { hint }) };
}

/** Runs checks on an untrusted file; an unreadable file is a failed check, not an error. */
export async function checksOf(place: string, work: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PipelineError) || error.kind !== 'input') throw error;
    return error.problems.map((problem) => ({
      verdict: 'bad',
      place,
      message: wordsOf(problem, place),
      ...(problem.hint !== undefined && { hint: problem.hint }),
    }));
  }
}

function wordsOf(problem: Problem, place: string): string {
  if (problem.place !== place && problem.place !== 'verify') return `${problem.place}: ${problem.message}`;
  return problem.message.startsWith(`${place}: `) ? problem.message.slice(place.length + 2) : problem.message;
}
