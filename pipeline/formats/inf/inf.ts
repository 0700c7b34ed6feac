import { FormatError } from '../format-error.ts';
import {
  checkField,
  type InfFields,
  type InfProblem,
  type LogicalLine,
  logicalLines,
  replaceStrings,
  splitFields,
} from './lines.ts';
import { decodeInf, type InfText } from './text.ts';

/** One line of a section: `key = values`, or values alone, with `%strings%` expanded; `raw` is unexpanded. */
export interface InfEntry extends InfFields {
  readonly line: number;
  readonly raw: InfFields;
}

/** All entries of one section name, in file order; `lines` has the line of each header (several when merged). */
export interface InfSection {
  readonly name: string;
  readonly lines: readonly number[];
  readonly entries: readonly InfEntry[];
  /** Entries with a key, by lower-case key. */
  readonly byKey: ReadonlyMap<string, readonly InfEntry[]>;
}

/** A value and its line. */
export interface InfValue {
  readonly value: string;
  readonly line: number;
}

/** A parsed INF. The keys of `sections` and `strings` are lower-case; both are in file order. */
export interface Inf extends Omit<InfText, 'text' | 'afterEnd'> {
  readonly sections: ReadonlyMap<string, InfSection>;
  readonly strings: ReadonlyMap<string, InfValue>;
  readonly problems: readonly InfProblem[];
}

/** Parses an INF (Microsoft, "General Syntax Rules for INF Files"); FormatError where Windows cannot read it either. */
export function parseInf(bytes: Uint8Array): Inf {
  const { text, afterEnd, ...facts } = decodeInf(bytes);
  const { lines, problems } = logicalLines(text);
  if (afterEnd !== undefined) problems.push({ kind: 'text-after-end', ...afterEnd });
  const rawSections = readSections(lines, problems);
  const strings = readStrings(rawSections);
  const resolve = resolver(strings, problems);
  const sections = new Map<string, InfSection>();
  for (const [key, { name, lines, entries }] of rawSections) {
    const resolved = isStringsSection(key) ? entries.map(unresolved) : entries.map(resolve);
    sections.set(key, { name, lines, entries: resolved, byKey: groupByKey(resolved) });
  }
  problems.sort((a, b) => a.line - b.line);
  return { ...facts, sections, strings, problems };
}

/** Returns the section with this name, ignoring case. */
export function infSection(inf: Inf, name: string): InfSection | undefined {
  return inf.sections.get(name.toLowerCase());
}

/** Returns the entries of a section, filtered by key if given; empty when the section is absent. */
export function infEntries(inf: Inf, section: string, key?: string): readonly InfEntry[] {
  const found = infSection(inf, section);
  return (key === undefined ? found?.entries : found?.byKey.get(key.toLowerCase())) ?? [];
}

/** Returns the first value of the first entry with this key. */
export function infValue(inf: Inf, section: string, key: string): InfValue | undefined {
  const entry = infEntries(inf, section, key)[0];
  const value = entry?.values[0];
  return entry === undefined || value === undefined ? undefined : { value, line: entry.line };
}

/** Returns the line of a section's first header as a property of a finding; empty for an absent section. */
export function headerLine(section: InfSection | undefined): { readonly line?: number } {
  const line = section?.lines[0];
  return line === undefined ? {} : { line };
}

interface RawEntry {
  readonly line: number;
  readonly fields: InfFields;
}

interface RawSection {
  readonly name: string;
  readonly lines: number[];
  readonly entries: RawEntry[];
}

const maxFields = 250_000;
const maxSections = 20_000;
const maxSectionName = 255;

/** SetupAPI skips text before the first section only in a file with [Strings] (Wine's tests, which run on Windows). */
function readSections(lines: readonly LogicalLine[], problems: InfProblem[]): Map<string, RawSection> {
  const sections = new Map<string, RawSection>();
  let preamble: LogicalLine | undefined;
  let current: RawSection | undefined;
  let count = 0;
  for (const { line, text } of lines) {
    if (text.startsWith('[')) {
      const name = sectionName(text, line);
      const after = text.slice(text.indexOf(']') + 1).trim();
      if (after !== '') problems.push({ kind: 'text-after-header', line, text: after });
      current = sections.get(name.toLowerCase()) ?? { name, lines: [], entries: [] };
      current.lines.push(line);
      sections.set(name.toLowerCase(), current);
      if (sections.size > maxSections) throw new FormatError(`more than ${maxSections} sections`, line);
      continue;
    }
    if (current === undefined) {
      preamble ??= { line, text };
      continue;
    }
    const fields = splitFields(text, line);
    current.entries.push({ line, fields });
    count += 1 + fields.values.length;
    if (count > maxFields) throw new FormatError(`more than ${maxFields} fields`, line);
  }
  if (preamble !== undefined) {
    if (!sections.has('strings')) throw new FormatError('text before the first [section]', preamble.line);
    problems.push({ kind: 'text-before-section', ...preamble });
  }
  if (current === undefined) throw new FormatError('no [section] in the file');
  return sections;
}

function sectionName(text: string, line: number): string {
  const end = text.indexOf(']');
  if (end < 0) throw new FormatError('section header without ]', line);
  const name = text.slice(1, end).trim();
  if (name === '') throw new FormatError('section without a name', line);
  if (name.length > maxSectionName)
    throw new FormatError(`section name over ${maxSectionName} characters`, line);
  return name;
}

function isStringsSection(key: string): boolean {
  return key === 'strings' || key.startsWith('strings.');
}

function readStrings(sections: ReadonlyMap<string, RawSection>): Map<string, InfValue> {
  const localised = [...sections].filter(([key]) => key.startsWith('strings.'));
  const strings = new Map<string, InfValue>();
  for (const section of [sections.get('strings'), ...localised.map(([, section]) => section)]) {
    for (const { line, fields } of section?.entries ?? []) {
      const key = fields.key?.toLowerCase();
      if (key !== undefined && !strings.has(key)) strings.set(key, { value: fields.values[0] ?? '', line });
    }
  }
  return strings;
}

function groupByKey(entries: readonly InfEntry[]): Map<string, InfEntry[]> {
  const groups = new Map<string, InfEntry[]>();
  for (const entry of entries) {
    if (entry.key === undefined) continue;
    const key = entry.key.toLowerCase();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return groups;
}

function unresolved({ line, fields }: RawEntry): InfEntry {
  return { ...fields, line, raw: fields };
}

const maxProblems = 10_000;
const maxResolvedLength = 32 * 1024 * 1024;

function resolver(strings: ReadonlyMap<string, InfValue>, problems: InfProblem[]) {
  let length = 0;
  return ({ line, fields }: RawEntry): InfEntry => {
    const lookup = (name: string) => {
      const value = strings.get(name.toLowerCase())?.value;
      if (value === undefined) problems.push({ kind: 'undefined-string', line, text: name });
      if (problems.length > maxProblems) throw new FormatError(`more than ${maxProblems} mistakes`, line);
      return value;
    };
    const replace = (text: string) => {
      const resolved = checkField(replaceStrings(text, lookup), line);
      length += resolved.length;
      if (length > maxResolvedLength) throw new FormatError('the expanded %strings% are too long', line);
      return resolved;
    };
    const values = fields.values.map(replace);
    return fields.key === undefined
      ? { values, line, raw: fields }
      : { key: replace(fields.key), values, line, raw: fields };
  };
}

/** Memoises a function of a parsed INF and further arguments: many rules call it for every Windows of a folder. */
export function oncePerInf<Rest extends readonly string[], Result>(
  read: (inf: Inf, ...rest: Rest) => Result,
): (inf: Inf, ...rest: Rest) => Result {
  const known = new WeakMap<Inf, Map<string, Result>>();
  return (inf, ...rest) => {
    const results = known.get(inf) ?? new Map<string, Result>();
    known.set(inf, results);
    const key = rest.join('\0');
    const result = results.get(key) ?? read(inf, ...rest);
    results.set(key, result);
    return result;
  };
}
