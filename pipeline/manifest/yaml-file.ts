import { isUtf8 } from 'node:buffer';
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
import type * as z from 'zod';
import type { Problem } from '../core/errors.ts';
import { type KeyPath, placeInFile } from '../core/place.ts';
import { openFile } from '../system/files.ts';
import { nearbyHint } from '../system/path-kind.ts';
import { systemHint } from '../system/system-error.ts';
import { fewOfAKind } from './few-problems.ts';
import { schemaProblems } from './schema-problems.ts';

/** A YAML file checked against a schema: its value or the problems, and the line of every key path. */
export interface YamlFile<T> {
  readonly file: string;
  readonly value?: T;
  /** The parsed content, valid or not. */
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
  const result = schema.safeParse(written, { reportInput: true });
  if (result.success) return { file, value: result.data, written, problems: [], lines };
  const problems = schemaProblems(schema, result.error.issues, (path) => placeInFile({ file, lines }, path));
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
    const bytes = await handle.readFile().finally(() => handle.close());
    return isUtf8(bytes) && !bytes.includes(0) ? bytes.toString('utf8') : notUtf8(file, bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      return { place: file, message: 'no such file', hint: `${await nearbyHint(file)}check the path` };
    return {
      place: file,
      message: `cannot be read: ${(error as Error).message}`,
      hint: systemHint(code) ?? 'check who owns it and its mode',
    };
  }
}

/** Some editors of Windows save UTF-16, with a byte order mark (RFC 2781, section 3.2); other programs leave the mark out. */
function notUtf8(file: string, bytes: Buffer): Problem {
  const isUtf16 = ['fffe', 'feff'].includes(bytes.toString('hex', 0, 2));
  const other = bytes.includes(0) ? 'is no text in UTF-8: it has null bytes, as UTF-16 has' : 'is not UTF-8';
  return { place: file, message: isUtf16 ? 'is UTF-16' : other, hint: 'save it as UTF-8' };
}

/** Returns the value of a document, or the error for an undefined alias or one that expands too much. */
function plainValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
}

/** Finds duplicate keys (the library's check takes quadratic time), and keys that are lists or maps. */
function unfitKeys(document: Document, counter: LineCounter) {
  const faults: { code: string; message: string; linePos: [{ line: number }] }[] = [];
  const check = ({ items }: YAMLMap) => {
    const keys = new Set<unknown>();
    for (const { key } of items) {
      if (!isNode(key)) continue;
      const report = (code: string) =>
        faults.push({ code, message: code, linePos: [{ line: counter.linePos(key.range?.[0] ?? 0).line }] });
      if (isCollection(isAlias(key) ? key.resolve(document) : key)) report('KEY_COLLECTION');
      if (!isScalar(key)) continue;
      if (keys.has(key.value)) report('DUPLICATE_KEY');
      keys.add(key.value);
    }
  };
  visit(document, { Map: (_, map) => check(map) });
  return faults;
}

/** What users read for the errors of the library, by their codes, and of `toJS`, by their text; the others stand as they are. */
const plainFaults: readonly (readonly [RegExp, string, string?])[] = [
  [/^DUPLICATE_KEY/, 'the key occurs twice in this map', 'remove one of the two'],
  [/^KEY_COLLECTION/, 'a key must not be a list or a map'],
  [/^MISSING_CHAR/, 'a closing quote or bracket, a comma or a colon is missing', 'add it'],
  [
    /^BAD_INDENT/,
    'the indentation does not match the lines above',
    'indent the entries of a list or map equally',
  ],
  [/^TAB_AS_INDENT/, 'a tab indents the line', 'indent with spaces'],
  [/^TAG_RESOLVE_FAILED/, 'the tag is unknown', 'remove the tag (!...)'],
  [/^BAD_DIRECTIVE/, 'the directive is unknown', 'remove the line; files are YAML 1.2'],
  [/^MULTIPLE_DOCS/, 'there is more than one document (---) in the file', 'keep one document per file'],
  [
    /Unresolved alias/,
    'an alias has no anchor before it',
    'set the anchor (&name) before, or write the value',
  ],
  [/Excessive alias count/, 'the aliases expand to too many values', 'write the values'],
  [/Maximum call stack size exceeded/, 'lists and maps are nested too deeply'],
];

function syntaxProblem(
  file: string,
  error: { code?: string; message: string; linePos?: readonly { line: number }[] },
): Problem {
  const line = error.linePos?.[0]?.line ?? 1;
  const [theirs = 'not YAML'] = error.message.split(' at line ');
  const [, message = theirs, hint = 'fix the file there; YAML is indented with spaces'] =
    plainFaults.find(([known]) => known.test(`${error.code ?? ''} ${theirs}`)) ?? [];
  return {
    place: placeInFile({ file, lines: new Map([['', line]]) }, []),
    message: `not valid YAML: ${message}`,
    hint,
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
