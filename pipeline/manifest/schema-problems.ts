import type { z } from 'zod';
import type { Problem } from '../core/errors.ts';
import type { KeyPath } from '../core/place.ts';

/** Returns what a person is told of one mistake that a schema found; `at` words the place of a key path, `command` prints the schema. */
export function issueProblems(
  issue: z.core.$ZodIssue,
  at: (path: KeyPath) => string,
  command: string,
): Problem[] {
  const schemaHint = `see what is allowed: ${command}`;
  const path = issue.path.map((key) => (typeof key === 'symbol' ? key.toString() : key));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      place: at([...path, key]),
      message: 'unknown key',
      hint: `remove it, or check its spelling against the schema (${command})`,
    }));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => ({
      place: at(path),
      message: `this key ${message}`,
      hint: schemaHint,
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [nearest = [], ...others] = nearestForms(issue.errors);
    if (others.length === 0) {
      return nearest.flatMap((inner) =>
        issueProblems({ ...inner, path: [...path, ...inner.path] }, at, command),
      );
    }
    const messages = [nearest, ...others].map((errors) => errors.map((inner) => inner.message).join(', '));
    const forms = [...new Set(messages)].join('; or ');
    return [{ place: at(path), message: `fits none of the allowed forms: ${forms}`, hint: schemaHint }];
  }
  return [{ place: at(path), ...valueProblem(issue.message, command) }];
}

/** zod says "received undefined" of a key that is not there; a version such as 1.0 is a number for YAML. */
function valueProblem(words: string, command: string): { message: string; hint: string } {
  if (words.endsWith('received undefined')) return { message: 'is missing', hint: `add it; see ${command}` };
  const isBareNumber = words.endsWith('expected string, received number');
  return { message: words, hint: isBareNumber ? 'put it in quotes' : `see what is allowed: ${command}` };
}

/** Of a union's forms, those that the value misses by the fewest mistakes. */
function nearestForms<Issue>(forms: readonly (readonly Issue[])[]): (readonly Issue[])[] {
  const fewest = Math.min(...forms.map((issues) => issues.length));
  return forms.filter((issues) => issues.length === fewest);
}
