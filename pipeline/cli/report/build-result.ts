import { join, relative } from 'node:path';
import { pageName } from '../../attest/document-names.ts';
import { pageColumns, printable, shellWord } from '../../core/text.ts';
import type { TargetRow } from '../../manifest/targets-schema.ts';
import { summariseLoads } from '../../model/load-summary.ts';
import { type ReleaseRecord, recordedDiscs } from '../../model/record.ts';
import type { BuiltRelease } from '../../model/release.ts';
import type { Changes } from '../previous.ts';
import type { Look } from '../terminal-kind.ts';
import { changeLines } from './diff/summary.ts';
import { driverMatrix } from './driver-matrix.ts';
import { findingsByRule } from './findings/by-rule.ts';
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

/** Returns the summary of a build: its findings by rule, where the files are, where the drivers load, what changed since the last one, and the commands to run next. */
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
  const loading = loadLines(summariseLoads(record.drivers, targets), look);
  const files = [
    `${record.title}: built.`,
    ...made.map(({ format, name }) => `  ${format.padEnd(5)} ${printable(shownPath(join(folder, name)))}`),
    '',
  ];
  const loads = loading.length === 0 ? [] : [...loading, ''];
  const next = nextSteps(folder, record);
  const warns = warningsOf(record).length > 0;
  const kept = warns ? fewestFindingLines : 0;
  // The shell's prompt takes a line, and so does the empty one after the progress.
  const whole = (look.rows ?? Number.POSITIVE_INFINITY) - 2 - files.length - loads.length - next.length;
  const since = sinceLines(changes, look, whole - kept);
  const room = whole - since.length;
  const matrix = matrixLines(record, targets, look, room - kept);
  const findings = findingLines(record, targets, look, room - matrix.length);
  return `${['', ...findings, ...files, ...loads, ...since, ...matrix, ...next].join('\n')}\n`;
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

/** Returns what changed, or only how much where the screen has no room for more. */
function sinceLines(changes: Changes | undefined, look: Look, room: number): string[] {
  if (changes === undefined) return [];
  const lines = changeLines(changes.since, changes.found, look);
  return [...(lines.length < room ? lines : lines.slice(0, 1)), ''];
}

/** Returns the matrix where the screen has room for it; report.html has it in any case. */
function matrixLines(
  record: ReleaseRecord,
  targets: readonly TargetRow[],
  look: Look,
  room: number,
): string[] {
  if (record.drivers.length === 0) return [];
  const plain = driverMatrix(record.drivers, targets, { signs: true });
  const width = look.columns ?? pageColumns;
  if (plain.length >= room || plain.some(({ length }) => length > width)) return [];
  return [...driverMatrix(record.drivers, targets, { ...look, signs: true }), ''];
}

/** Three rules are worth their lines on the smallest screen, with the header, the number of the others, and what to do next. */
const fewestFindingLines = 8;

function warningsOf({ findings }: ReleaseRecord): ReleaseRecord['findings'] {
  return findings.filter(({ severity, accepted }) => severity === 'warning' && accepted === undefined);
}

/**
 * Returns what `pvdisc check` shows of the warnings, as far as the screen has room; errors stop a build, and the release gives its
 * reasons for what it accepts.
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
  const lines = findingsByRule({ findings, packages, targets }, look);
  const more = [
    '',
    'Each finding: pvdisc check RELEASE RULE; what a rule means: pvdisc check --explain RULE',
    '',
  ];
  const most = Math.max(room, fewestFindingLines) - more.length;
  if (lines.length <= most) return [...lines, ...more];
  return [
    ...lines.slice(0, most - 1),
    `${lines.length - most + 1} more lines: ${pageName} has all findings`,
    ...more,
  ];
}

/** Returns a relative path below the current folder (apt needs the `./`), an absolute one elsewhere. */
function shownPath(path: string): string {
  const inside = relative('', path);
  return inside.startsWith('../') ? path : `./${inside}`;
}
