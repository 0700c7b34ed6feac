import { PipelineError } from '../core/errors.ts';
import { nearRulesHint } from '../validate/near-rules.ts';
import { rules } from '../validate/rules/index.ts';

/** Returns what a rule means, for people; throws a usage error that names near ids when there is no such rule. */
export function explainRule(id: string): string {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule !== undefined) return `${rule.id} (${rule.severity})\n\n${rule.explain}\n`;
  throw new PipelineError('usage', {
    place: `--explain ${id}`,
    message: 'there is no such rule',
    hint: nearRulesHint(id),
  });
}
