import { stat } from 'node:fs/promises';
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import type { z } from 'zod';
import type { Problem } from '../core/errors.ts';
import { type KeyPath, placeInFile } from '../core/place.ts';
import { openFile } from '../system/files.ts';
import { systemHint } from '../system/system-error.ts';
import { fewOfAKind } from './few-problems.ts';

/** A YAML file read against a schema: its value, or the problems; `lines` has the line of every key path. */
export interface YamlFile<T> {
  readonly file: string;
  readonly value?: T;
  /** What the file holds, be it valid or not. */
  readonly written?: unknown;
  readonly problems: readonly Problem[];
  readonly lines: ReadonlyMap<string, number>;
}

/** Reads a YAML 1.2 file and checks it against a schema; every problem comes with file, line and path in the file. */
export async function readYamlFile<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<YamlFile<z.output<Schema>>> {
  const lineCounter = new LineCounter();
  const text = await readText(file);
  if (typeof text !== 'string') return { file, problems: [text], lines: new Map() };
  const document = parseDocument(text, { lineCounter, uniqueKeys: false });
  const faults = [...document.errors, ...document.warnings, ...unfitKeys(document, lineCounter)];
  if (faults.length > 0) {
    return {
      file,
      problems: fewOfAKind(faults.map((fault) => syntaxProblem(file, fault))),
      lines: new Map(),
    };
  }
  const lines = new Map<string, number>();
  collectLines(document.contents, [], lineCounter, lines);
  const written = plainValue(document);
  if (written instanceof ReferenceError) return { file, problems: [syntaxProblem(file, written)], lines };
  const result = schema.safeParse(written);
  if (result.success) return { file, value: result.data, written, problems: [], lines };
  const command = `pvdisc schema ${schema.meta()?.id ?? 'NAME'}`;
  const problems = result.error.issues.flatMap((issue) =>
    issueProblems(issue, (path) => placeInFile({ file, lines }, path), command),
  );
  return { file, written, problems: fewOfAKind(problems), lines };
}

/** 1 MiB: pvdisc's own ledger, the largest of its YAML files, has a hundredth of it. */
const mostBytes = 2 ** 20;
const sizeHint = 'no manifest is that long: check that it is the file that you meant';

async function readText(file: string): Promise<string | Problem> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return { place: file, message: 'is not a file', hint: 'name a YAML file' };
    if (found.size > mostBytes)
      return { place: file, message: `has more than ${mostBytes} bytes`, hint: sizeHint };
    const handle = await openFile(file);
    return await handle.readFile('utf8').finally(() => handle.close());
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { place: file, message: 'no such file', hint: 'check the path' };
    return {
      place: file,
      message: `cannot be read: ${(error as Error).message}`,
      hint: systemHint(code) ?? 'check who owns it and its mode',
    };
  }
}

/** Returns what a document holds, or the error for an alias that leads nowhere or unfolds to more than a file can mean. */
function plainValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
}

/** Keys that stand twice in one map (the check of the library takes time by the square of their number), and keys that are lists or maps. */
function unfitKeys(document: Document, counter: LineCounter) {
  const faults: { message: string; linePos: [{ line: number }] }[] = [];
  const check = ({ items }: YAMLMap) => {
    const keys = new Set<unknown>();
    for (const { key } of items) {
      if (!isNode(key)) continue;
      const tell = (message: string) =>
        faults.push({ message, linePos: [{ line: counter.linePos(key.range?.[0] ?? 0).line }] });
      if (isCollection(isAlias(key) ? key.resolve(document) : key)) tell('a key must not be a list or a map');
      if (!isScalar(key)) continue;
      if (keys.has(key.value)) tell('Map keys must be unique');
      keys.add(key.value);
    }
  };
  visit(document, { Map: (_, map) => check(map) });
  return faults;
}

/** What is said in place of messages that are meant for who calls the library, or come from the JavaScript engine. */
const plainMessages: readonly (readonly [RegExp, string])[] = [
  [/^Source contains multiple documents/, 'there is more than one document (---) in the file'],
  [/^Maximum call stack size exceeded/, 'lists and maps lie too deep in one another'],
];

function syntaxProblem(
  file: string,
  error: { message: string; linePos?: readonly { line: number }[] },
): Problem {
  const line = error.linePos?.[0]?.line ?? 1;
  const [first = 'not YAML'] = error.message.split(' at line ');
  return {
    place: placeInFile({ file, lines: new Map([['', line]]) }, []),
    message: `not valid YAML: ${plainMessages.find(([theirs]) => theirs.test(first))?.[1] ?? first}`,
    hint: 'mend the file there; YAML indents with blanks',
  };
}

function collectLines(node: unknown, path: KeyPath, counter: LineCounter, lines: Map<string, number>): void {
  if (!isNode(node)) return;
  const here = path.join('.');
  if (!lines.has(here)) lines.set(here, counter.linePos(node.range?.[0] ?? 0).line);
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (!isNode(key)) continue;
      const child = [...path, String(key.toJSON())];
      lines.set(child.join('.'), counter.linePos(key.range?.[0] ?? 0).line);
      collectLines(value, child, counter, lines);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) collectLines(item, [...path, index], counter, lines);
  }
}

/** Returns what a person is told of one mistake that a schema found; `at` words the place of a key path, `command` prints the schema. */
function issueProblems(issue: z.core.$ZodIssue, at: (path: KeyPath) => string, command: string): Problem[] {
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
