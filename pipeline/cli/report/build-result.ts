import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { pageName, recordName } from '../../attest/document-names.ts';
import { pageColumns, plural, printable, shellWord, wrapWords } from '../../core/text.ts';
import type { TargetRow } from '../../manifest/targets-schema.ts';
import { summariseLoads } from '../../model/load-summary.ts';
import { type ReleaseRecord, recordedDiscs } from '../../model/record.ts';
import type { BuiltRelease } from '../../model/release.ts';
import type { Changes } from '../previous.ts';
import type { Look } from '../terminal-kind.ts';
import { changeLines } from './diff/summary.ts';
import { driverMatrix } from './driver-matrix.ts';
import { frequentRules } from './findings/by-rule.ts';
import { jsonText } from './json-text.ts';
import { loadLines } from './loads.ts';

export function resultJson(
  folder: string,
  { record, files }: BuiltRelease,
  targets: readonly TargetRow[],
): string {
  return jsonText({ folder, files, loads: summariseLoads(record.drivers, targets), record });
}

interface ResultOptions extends Look {
  readonly targets: readonly TargetRow[];
  readonly changes?: Changes | undefined;
}

/**
 * Returns the summary of a build: its findings by rule, where the files are, where the drivers load, what changed since the last one, and
 * the commands to run next.
 */
export function resultText(
  folder: string,
  { record, files: written }: BuiltRelease,
  { targets, changes, ...look }: ResultOptions,
): string {
  const discs = recordedDiscs(record);
  const made = [
    ...discs.map(({ name }) => ({ format: 'ISO', name })),
    ...record.artifacts,
    ...(written.includes(pageName) ? [{ format: 'page', name: pageName }] : []),
  ];
  const files = [
    `${record.title}: built.`,
    ...made.map(({ format, name }) => `  ${format.padEnd(5)} ${printable(shownPath(join(folder, name)))}`),
    '',
  ];
  const next = nextSteps(folder, record);
  // The shell's prompt takes a row, and so does the empty one after the progress.
  const room = (look.rows ?? Number.POSITIVE_INFINITY) - 2 - screenRows([...files, ...next], look);
  const middle = middleLines(folder, record, { targets, changes, ...look }, room);
  const findings = findingLines(record, targets, look, room - screenRows(middle, look));
  return `${['', ...findings, ...files, ...middle, ...next].join('\n')}\n`;
}

/** Returns how many rows of the screen lines take; a terminal wraps the long ones. */
function screenRows(lines: readonly string[], { columns }: Pick<Look, 'columns'>): number {
  if (columns === undefined) return lines.length;
  const rows = lines.map((line) => Math.ceil(stripVTControlCharacters(line).length / columns));
  return rows.reduce((sum, count) => sum + Math.max(count, 1), 0);
}

/**
 * Returns where the drivers load, what changed, and the matrix, as far as the screen has room beside the findings; what is left out, and
 * the command that shows it.
 */
function middleLines(
  folder: string,
  record: ReleaseRecord,
  { targets, changes, ...look }: ResultOptions,
  room: number,
): string[] {
  const block = (lines: readonly string[]) => (lines.length === 0 ? [] : [...lines, '']);
  const since = changes === undefined ? [] : changeLines(changes.since, changes.found, look);
  if (record.drivers.length === 0) return block(since);
  const matrix = driverMatrix(record.drivers, targets, { ...look, signs: true });
  const summary = summariseLoads(record.drivers, targets);
  const loads = loadLines(summary, look);
  const sentences = loadLines(summary, { ...look, brief: true });
  const show = `pvdisc report ${printable(shellWord(shownPath(folder)))} --format text`;
  const isTooWide = screenRows(matrix, { columns: pageColumns, ...look }) > matrix.length;
  const leftOut = isTooWide
    ? `Matrix left out, since it is wider than the screen: ${pageName} has it`
    : `Matrix left out: ${show}`;
  const withoutMatrix = block([...loads, leftOut]);
  const onlySentences = block([...sentences, `Matrix and details left out: ${show}`]);
  const [rules, count] = warningsOf(record).length > 0 ? [fewestFindingRows, 2] : [0, 0];
  const choices = [
    ...(isTooWide ? [] : [{ lines: [loads, since, matrix].flatMap(block), findings: rules }]),
    { lines: [...withoutMatrix, ...block(since)], findings: rules },
    { lines: [...withoutMatrix, ...block(since.slice(0, 1))], findings: count },
    { lines: [...onlySentences, ...block(since.slice(0, 1))], findings: count },
    { lines: onlySentences, findings: Number.NEGATIVE_INFINITY },
  ];
  const fitting = choices.find(({ lines, findings }) => screenRows(lines, look) + findings <= room);
  return fitting?.lines ?? [];
}

/** The program that installs a package of a format together with what it needs. */
const installers = { deb: 'apt', rpm: 'dnf' } as const;

/** Returns what to do next with the first artifact of each format. */
function nextSteps(folder: string, { artifacts }: ReleaseRecord): string[] {
  const path = (name: string) => printable(shellWord(shownPath(join(folder, name))));
  const installs = Object.entries(installers).flatMap(([format, installer]) => {
    const artifact = artifacts.find((made) => made.format === format);
    return artifact === undefined ? [] : [`  sudo ${installer} install ${path(artifact.name)}`];
  });
  const onHost = ['Next, on the host that runs the guests:', ...installs, '  sudo virtio-win attach GUEST'];
  const toRegistry = [
    'Next, for KubeVirt and others that take a disc from a registry:',
    `  pvdisc publish --oci REGISTRY/REPOSITORY ${path('')}`,
  ];
  const hasImage = artifacts.some(({ format }) => format === 'oci');
  return [...(installs.length > 0 ? onHost : []), ...(hasImage ? toRegistry : [])];
}

/** Three rules are worth their rows on a small screen, with the header, the number of the others, and what to do next. */
const fewestFindingRows = 8;

function warningsOf({ findings }: ReleaseRecord): ReleaseRecord['findings'] {
  return findings.filter(({ severity, accepted }) => severity === 'warning' && accepted === undefined);
}

/**
 * Returns what `pvdisc check` shows of the warnings, the most frequent first, as far as the screen has room, or else only their number;
 * errors stop a build, and the release gives its reasons for what it accepts.
 */
function findingLines(
  record: ReleaseRecord,
  targets: readonly TargetRow[],
  look: Look,
  room: number,
): string[] {
  const packages = record.drivers.map((driver) => ({ ...driver, files: [] }));
  const findings = warningsOf(record);
  if (findings.length === 0) return [];
  const { header, rules } = frequentRules({ findings, packages, targets }, look);
  const hint = 'Each place: pvdisc check RELEASE RULE; meaning: pvdisc check --explain RULE';
  const end = ['', ...wrapWords(hint.split(' '), look.columns ?? pageColumns), ''];
  for (let shown = rules.length; shown > 0; shown--) {
    const rest = rules.length - shown;
    const more =
      rest === 0 ? [] : [`${plural(rest, 'more rule')}: ${pageName} has all rules, ${recordName} all places`];
    const lines = [...header, ...rules.slice(0, shown).flat(), ...more, ...end];
    if (screenRows(lines, look) <= room) return lines;
  }
  return [
    `${plural(findings.length, 'warning')} of ${plural(rules.length, 'rule')}: pvdisc check RELEASE`,
    '',
  ];
}

/** Returns a relative path below the current folder (apt needs the `./`), an absolute one elsewhere. */
function shownPath(path: string): string {
  const inside = relative('', path);
  return inside.startsWith('../') ? path : `./${inside}`;
}
