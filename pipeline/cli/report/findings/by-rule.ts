import { styleText } from 'node:util';
import { byCodeUnit } from '../../../core/order.ts';
import { folderOf } from '../../../core/paths.ts';
import { alignColumns, plural, printable, wrapWords } from '../../../core/text.ts';
import type { TargetRow } from '../../../manifest/targets-schema.ts';
import type { Severity, WrittenFinding } from '../../../model/finding.ts';
import { unknown } from '../../../model/target.ts';
import { type NamedComparison, placeOf } from './checked-tree.ts';

/** A driver package, of a release or of an inspection. */
export interface PackagePlace {
  readonly driver: string;
  readonly target: { readonly os: string };
  readonly inf: string;
  readonly files: readonly (string | { readonly path: string })[];
}

/** Findings to summarise, and the driver packages that they are about. */
export interface SummarisedFindings {
  readonly findings: readonly WrittenFinding[];
  readonly packages: readonly PackagePlace[];
  readonly targets: readonly Pick<TargetRow, 'os'>[];
  readonly baseline?: Pick<NamedComparison, 'isNew' | 'name'>;
}

export interface SummaryOptions {
  readonly colour: boolean;
  readonly columns?: number;
}

type State = Severity | 'accepted';

/** All findings of one rule in one section. */
interface RuleRow {
  readonly section: Section;
  readonly state: State;
  readonly rule: string;
  readonly first: WrittenFinding;
  count: number;
  readonly drivers: Set<string>;
  readonly windows: Set<string>;
}

const sections = ['errors', 'new', 'rest'] as const;
type Section = (typeof sections)[number];

const states: readonly State[] = ['error', 'warning', 'info', 'accepted'];

/**
 * Returns one line for each rule: errors first, then what a baseline does not have, then the rest, and rare findings before frequent
 * ones, which are the habits of a whole set. Errors and new findings also have the message of their first place.
 */
export function findingsByRule(summarised: SummarisedFindings, options: SummaryOptions): string[] {
  const { baseline } = summarised;
  const width = options.columns ?? Number.POSITIVE_INFINITY;
  const rows = ruleRows(summarised);
  const { header, linesOf } = entries(rows, summarised, options);
  return [
    ...header,
    ...sections.flatMap((section) => {
      const lines = rows.filter((row) => row.section === section).flatMap(linesOf);
      return [...(baseline === undefined ? [] : title(section, lines.length > 0, baseline, width)), ...lines];
    }),
  ];
}

/** Returns the lines of each rule for a summary that may have no room for all: errors first, and frequent findings before rare ones. */
export function frequentRules(
  summarised: SummarisedFindings,
  options: SummaryOptions,
): { readonly header: readonly string[]; readonly rules: readonly (readonly string[])[] } {
  const rows = ruleRows(summarised).sort(
    (a, b) => states.indexOf(a.state) - states.indexOf(b.state) || b.count - a.count,
  );
  const { header, linesOf } = entries(rows, summarised, options);
  return { header, rules: rows.map(linesOf) };
}

function entries(
  rows: readonly RuleRow[],
  { packages }: SummarisedFindings,
  { colour, columns: width = Number.POSITIVE_INFINITY }: SummaryOptions,
): Layout {
  const totals = {
    drivers: new Set(packages.map(({ driver }) => driver)).size,
    windows: new Set(packages.map(({ target }) => target.os)).size,
  };
  const { header, linesOf } = layOut(rows, totals, width);
  return {
    header,
    linesOf: (row) => {
      const [first = '', ...rest] = linesOf(row);
      const message = row.section === 'rest' ? [] : messageOf(row, width);
      return [coloured(first, row.state, colour), ...rest, ...message];
    },
  };
}

/** Returns the line above a section of findings that are compared with a baseline. */
function title(
  section: Section,
  hasRows: boolean,
  { name }: Pick<NamedComparison, 'name'>,
  width: number,
): string[] {
  if (section === 'errors' || (section === 'rest' && !hasRows)) return [];
  const since = `since ${printable(name)}`;
  const text = section === 'rest' ? 'The rest:' : hasRows ? `New ${since}:` : `No new warnings ${since}.`;
  return wrapWords(text.split(' '), width);
}

function ruleRows({ findings, packages, targets, baseline }: SummarisedFindings): RuleRow[] {
  const concerned = whoIsConcerned(packages);
  const rows = new Map<string, RuleRow>();
  for (const finding of findings) {
    const state = finding.accepted === undefined ? finding.severity : 'accepted';
    const isNew = baseline?.isNew(finding) ?? false;
    const section = state === 'error' ? 'errors' : isNew ? 'new' : 'rest';
    const key = [section, state, finding.rule].join('\0');
    const row: RuleRow = rows.get(key) ?? {
      section,
      state,
      rule: finding.rule,
      first: finding,
      count: 0,
      drivers: new Set(),
      windows: new Set(),
    };
    rows.set(key, row);
    row.count += 1;
    for (const { driver, os } of concerned(finding.path)) {
      row.drivers.add(driver);
      if (os !== undefined && os !== unknown) row.windows.add(os);
    }
  }
  const order = [...new Set(targets.map(({ os }) => os))];
  const rank = (os: string) => (order.includes(os) ? order.indexOf(os) : order.length);
  return [...rows.values()]
    .map((row) => ({
      ...row,
      drivers: new Set([...row.drivers].sort(byCodeUnit)),
      windows: new Set([...row.windows].sort((a, b) => rank(a) - rank(b) || byCodeUnit(a, b))),
    }))
    .sort(
      (a, b) =>
        sections.indexOf(a.section) - sections.indexOf(b.section) ||
        states.indexOf(a.state) - states.indexOf(b.state) ||
        a.count - b.count ||
        byCodeUnit(a.rule, b.rule),
    );
}

/** Returns the drivers that have errors which the release does not accept. */
export function faultyDrivers(
  findings: readonly WrittenFinding[],
  packages: readonly PackagePlace[],
): ReadonlySet<string> {
  const concerned = whoIsConcerned(packages);
  const errors = findings.filter(({ severity, accepted }) => severity === 'error' && accepted === undefined);
  return new Set(errors.flatMap(({ path }) => concerned(path).map(({ driver }) => driver)));
}

interface Concerned {
  readonly driver: string;
  readonly os?: string;
}

/** Returns the drivers and Windows that a path of a finding is about: those of the file's packages, or else of the packages in its folder. */
export function whoIsConcerned(packages: readonly PackagePlace[]): (path: string) => readonly Concerned[] {
  const byPath = new Map<string, Concerned[]>();
  const add = (path: string, concerned: Concerned) => {
    const known = byPath.get(path);
    if (known === undefined) byPath.set(path, [concerned]);
    else known.push(concerned);
  };
  for (const { driver, target, inf, files } of packages) {
    const paths = files.map((file) => (typeof file === 'string' ? file : file.path));
    for (const path of new Set([inf, ...paths])) add(path, { driver, os: target.os });
    add(`${folderOf(inf)}/`, { driver, os: target.os });
  }
  const names = new Set(packages.map(({ driver }) => driver));
  return (path) => {
    const found = byPath.get(path) ?? byPath.get(`${folderOf(path)}/`);
    if (found !== undefined) return found;
    const [top = ''] = path.split('/');
    return names.has(top) ? [{ driver: top }] : [];
  };
}

interface Totals {
  readonly drivers: number;
  readonly windows: number;
}

/** The line above a table, and the lines of each row. */
interface Layout {
  readonly header: readonly string[];
  readonly linesOf: (row: RuleRow) => readonly string[];
}

const headings = ['severity', 'count', 'rule', 'drivers', 'Windows', 'first place'];

/** Width of a table in a pipe or a log, unless its paths need more. */
const widest = 120;

/** Lays rows out as a table with as many names of drivers and Windows as fit, or without columns where the terminal is too narrow. */
function layOut(rows: readonly RuleRow[], totals: Totals, width: number): Layout {
  const isTerminal = Number.isFinite(width);
  for (const most of [5, 3, 1, 0]) {
    const [header = '', ...lines] = alignColumns([
      headings,
      ...rows.map((row) => cellsOf(row, totals, most)),
    ]);
    const isTooWide = [header, ...lines].some((line) => line.length > (isTerminal ? width : widest));
    if (isTooWide && (isTerminal || most > 0)) continue;
    const byRow = new Map(rows.map((row, index) => [row, [lines[index] ?? '']]));
    return { header: rows.length === 0 ? [] : [header], linesOf: (row) => byRow.get(row) ?? [] };
  }
  return { header: [], linesOf: (row) => wrapRow(row, totals, width) };
}

function cellsOf(
  { state, count, rule, first, drivers, windows }: RuleRow,
  totals: Totals,
  most: number,
): string[] {
  return [
    state,
    String(count).padStart(5),
    rule,
    namesOrCount([...drivers], totals.drivers, most),
    namesOrCount([...windows], totals.windows, most),
    printable(placeOf(first)),
  ];
}

const longestName = 20;

function namesOrCount(names: readonly string[], total: number, most: number): string {
  if (names.length === 0) return '-';
  if (names.length > most) return names.length === total ? `all ${total}` : `${names.length} of ${total}`;
  return names.map((name) => printable(name).slice(0, longestName)).join(', ');
}

/** Returns a row that is wider than the terminal on as many lines as it needs. */
function wrapRow(
  { state, count, rule, first, drivers, windows }: RuleRow,
  totals: Totals,
  width: number,
): string[] {
  const who = drivers.size === 0 ? [] : [`drivers: ${namesOrCount([...drivers], totals.drivers, 3)};`];
  const where = windows.size === 0 ? [] : [`Windows: ${namesOrCount([...windows], totals.windows, 3)};`];
  const place = printable(placeOf(first));
  return [`${state} ${count} ${rule}`, ...indented([...who, ...where, place], width)];
}

function messageOf({ first }: RuleRow, width: number): string[] {
  const hint = first.hint === undefined ? [] : [`hint: ${printable(first.hint)}`];
  return [printable(first.message), ...hint].flatMap((text) => indented(text.split(' '), width));
}

const indent = '    ';

function indented(words: readonly string[], width: number): string[] {
  return wrapWords(words, width - indent.length).map((line) => indent + line);
}

const styles = { error: 'red', warning: 'yellow', info: 'cyan', accepted: 'green' } as const;

function coloured(line: string, state: State, colour: boolean): string {
  if (!colour) return line;
  return styleText(styles[state], state, { validateStream: false }) + line.slice(state.length);
}

/** Returns `2 errors, 3 warnings (1 new), 1 info, 0 accepted`. */
export function findingCounts({
  findings,
  baseline,
}: Pick<SummarisedFindings, 'findings' | 'baseline'>): string {
  const of = (state: State) =>
    findings.filter(({ severity, accepted }) => (accepted === undefined ? severity : 'accepted') === state);
  const counted = (state: Severity) => {
    const found = of(state);
    const fresh = baseline === undefined ? '' : ` (${found.filter(baseline.isNew).length} new)`;
    return `${plural(found.length, state)}${state === 'info' ? '' : fresh}`;
  };
  return `${counted('error')}, ${counted('warning')}, ${counted('info')}, ${of('accepted').length} accepted`;
}
