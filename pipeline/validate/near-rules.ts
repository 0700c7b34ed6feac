import { PipelineError } from '../core/errors.ts';
import type { Rule } from './define.ts';
import { rules } from './rules/index.ts';

/** Returns a hint for an unknown rule id: the ids that share a word with it, the closest first. */
export function nearRulesHint(id: string): string {
  const words = new Set(wordsOf(id));
  const near = rules
    .map((rule) => ({ id: rule.id, shared: wordsOf(rule.id).filter((word) => words.has(word)).length }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared)
    .slice(0, 8);
  if (near.length === 0) return '"pvdisc check --help" lists all rules';
  return `did you mean one of these: ${near.map(({ id: name }) => name).join(', ')}`;
}

/** Returns the rule of an id; throws a usage error with similar ids where there is none. */
export function requireRule(place: string, id: string): Rule {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule !== undefined) return rule;
  throw new PipelineError('usage', { place, message: 'no such rule', hint: nearRulesHint(id) });
}

function wordsOf(id: string): string[] {
  return id.toLowerCase().split(/[^a-z0-9]+/);
}
