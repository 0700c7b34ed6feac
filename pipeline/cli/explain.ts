import { PipelineError } from '../errors.ts';
import { rules } from '../rules/index.ts';

/** Returns what a rule means, for people; throws a usage error that names near ids when there is no such rule. */
export function explainRule(id: string): string {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule !== undefined) return `${rule.id} (${rule.severity})\n\n${rule.explain}\n`;
  const near = nearIds(id);
  throw new PipelineError('usage', {
    place: `--explain ${id}`,
    message: 'there is no such rule',
    hint: near.length === 0 ? 'pvdisc check --help lists all of them' : `near it are: ${near.join(', ')}`,
  });
}

/** Ids that share a word with it, those that share most first. */
function nearIds(id: string): string[] {
  const words = new Set(wordsOf(id));
  return rules
    .map((rule) => ({ id: rule.id, shared: wordsOf(rule.id).filter((word) => words.has(word)).length }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared)
    .slice(0, 8)
    .map(({ id: near }) => near);
}

function wordsOf(id: string): string[] {
  return id.toLowerCase().split(/[^a-z0-9]+/);
}
