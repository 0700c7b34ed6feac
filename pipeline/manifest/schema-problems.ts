import * as z from 'zod';
import type { Problem } from '../core/errors.ts';
import { nearName } from '../core/near-name.ts';
import type { KeyPath } from '../core/place.ts';
import { plural } from '../core/text.ts';

/** A schema as zod describes it in JSON Schema: the parts that name allowed keys. */
interface Shape {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Shape>>;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
}

/** Converts zod's issues (parsed with `reportInput`) to problems; `at` returns the place of a key path. */
export function schemaProblems(
  schema: z.ZodType,
  issues: readonly z.core.$ZodIssue[],
  at: (path: KeyPath) => string,
): Problem[] {
  const command = `pvdisc schema ${schema.meta()?.id ?? 'NAME'}`;
  const written = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Shape;
  // A schema with an id is a definition that the document refers to.
  const shape = written.$defs?.[written.$ref?.replace('#/$defs/', '') ?? ''] ?? written;
  return issues.flatMap((issue) => issueProblems(issue, { at, command, shape }));
}

interface Target {
  readonly at: (path: KeyPath) => string;
  readonly command: string;
  readonly shape: Shape;
}

function issueProblems(issue: z.core.$ZodIssue, target: Target): Problem[] {
  const { at, command, shape } = target;
  const path = issue.path.map((key) => (typeof key === 'symbol' ? key.toString() : key));
  const schemaHint = `see what is allowed: ${command}`;
  const fact = (message: string, hint = schemaHint): Problem => ({ place: at(path), message, hint });
  if (issue.code === 'unrecognized_keys') {
    const known = shapesAt(shape, path).flatMap(({ properties = {} }) => Object.keys(properties));
    return issue.keys.map((key) => ({
      place: at([...path, key]),
      message: 'unknown key',
      hint: didYouMean(key, known) ?? `remove it, or check its spelling against the schema (${command})`,
    }));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map((inner) => fact(`this key ${sentence(inner)}`));
  }
  if (issue.code === 'invalid_element') {
    return issue.issues.flatMap((inner) =>
      issueProblems({ ...inner, path: [...path, ...inner.path] } as z.core.$ZodIssue, target),
    );
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [nearest = [], ...others] = nearestForms(issue.errors);
    if (others.length === 0) {
      return nearest.flatMap((inner) => issueProblems({ ...inner, path: [...path, ...inner.path] }, target));
    }
    const messages = [nearest, ...others].map((errors) => errors.map(sentence).join(', '));
    return [fact(`fits none of the allowed forms: ${[...new Set(messages)].join('; or ')}`)];
  }
  if (issue.code === 'invalid_union') {
    const known = [...issue.message.matchAll(/'([^']*)'/g)].map(([, value = '']) => value);
    const input = inputAt(issue.input, path.at(-1));
    if (input === undefined) return [fact('is missing', `add one of ${known.join(', ')}`)];
    return [fact(`must be one of ${known.join(', ')}`, didYouMean(input, known))];
  }
  if (issue.code === 'invalid_value')
    return [fact(sentence(issue), didYouMean(issue.input, issue.values.map(String)))];
  const message = sentence(issue);
  if (message === 'is missing') return [fact(message, `add it; see ${command}`)];
  const isBareNumber = issue.code === 'invalid_type' && issue.expected === 'string';
  return [fact(message, isBareNumber && typeof issue.input === 'number' ? 'put it in quotes' : schemaHint)];
}

/** Returns the message of one issue: the schema's own where it has one (`must …`), else one by the issue's code. */
function sentence(issue: z.core.$ZodRawIssue | z.core.$ZodIssue): string {
  const { message = '' } = issue;
  if (!/^(?:Invalid|Too|Unrecognized|Number)\b/.test(message)) return message;
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${typeNames[String(issue.expected)] ?? issue.expected}, not ${typeOf(issue.input)}`;
    case 'invalid_value':
      return `must be one of ${(issue.values as unknown[]).join(', ')}`;
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'must not be empty';
      return `must ${amount(String(issue.origin), 'at least', Number(issue.minimum))}`;
    case 'too_big':
      return `must ${amount(String(issue.origin), 'at most', Number(issue.maximum))}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return issue.pattern === undefined
        ? `must be a valid ${issue.format}`
        : `must match the pattern ${issue.pattern}`;
    case 'unrecognized_keys':
      return `unknown key ${(issue.keys as unknown[]).map((key) => `"${key}"`).join(', ')}`;
    default:
      return 'is not valid';
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

function typeOf(input: unknown): string {
  if (input === null) return 'empty';
  const type = Array.isArray(input) ? 'array' : typeof input;
  return typeNames[type] ?? type;
}

function amount(origin: string, limit: string, count: number): string {
  if (origin === 'string') return `have ${limit} ${plural(count, 'character')}`;
  if (origin === 'array') return `have ${limit} ${plural(count, 'item')}`;
  return `be ${limit} ${count}`;
}

/** Returns the schemas that apply at a key path, of all forms of a union. */
function shapesAt(shape: Shape, path: KeyPath): Shape[] {
  const forms = [...(shape.anyOf ?? []), ...(shape.oneOf ?? [])];
  if (forms.length > 0) return forms.flatMap((form) => shapesAt(form, path));
  const [key, ...rest] = path;
  if (key === undefined) return [shape];
  const { additionalProperties } = shape;
  const further = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  const next = typeof key === 'number' ? shape.items : (shape.properties?.[key] ?? further);
  return next === undefined ? [] : shapesAt(next, rest);
}

function inputAt(input: unknown, key: string | number | undefined): unknown {
  if (typeof input !== 'object' || input === null || key === undefined) return input;
  return (input as Record<string | number, unknown>)[key];
}

function didYouMean(name: unknown, known: readonly string[]): string | undefined {
  const near = typeof name === 'string' ? nearName(name, known) : undefined;
  return near === undefined ? undefined : `did you mean "${near}"?`;
}

/** Returns the forms of a union that are of the type of the input, if there are any, and of these the ones with the fewest mistakes. */
function nearestForms(forms: readonly (readonly z.core.$ZodIssue[])[]): (readonly z.core.$ZodIssue[])[] {
  const isOtherType = ({ code, path }: z.core.$ZodIssue) => code === 'invalid_type' && path.length === 0;
  const ofType = forms.filter((issues) => !issues.some(isOtherType));
  const fitting = ofType.length > 0 ? ofType : forms;
  const fewest = Math.min(...fitting.map((issues) => issues.length));
  return fitting.filter((issues) => issues.length === fewest);
}
