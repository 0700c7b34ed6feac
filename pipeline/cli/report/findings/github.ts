import { isAbsolute, relative } from 'node:path';
import type { Problem } from '../../../core/errors.ts';
import { printable } from '../../../core/text.ts';
import type { AcceptedFinding, Severity } from '../../../model/finding.ts';
import { type LoadSentence, loadSentences } from '../../../model/load-sentences.ts';
import { faultyDrivers } from './by-rule.ts';
import { type CheckedTree, type FindingsOptions, placeOf } from './checked-tree.ts';

/**
 * Formats findings as workflow commands of GitHub Actions, without duplicates. A file below the root is annotated, once for all
 * its targets; for other files the title holds the path on the disc. With a baseline, what it has is a notice, since GitHub shows ten
 * warnings of a step.
 */
export function github(
  { findings, problems, tree, loads, baseline }: CheckedTree,
  folders: Pick<FindingsOptions, 'root' | 'scratch'>,
): string {
  const places = [
    ...tree.files.map(({ path, content: { file, extents } }) => ({
      path,
      file: extents === undefined ? file : undefined,
    })),
    ...tree.unnamed,
  ];
  const files = new Map(
    places.map(({ path, file }) => [path, file === undefined ? undefined : fileInRoot(file, folders)]),
  );
  const commands = [
    ...findings.map((finding) =>
      describeFinding(finding, files.get(finding.path), baseline?.isNew(finding) === false),
    ),
    ...problems.map(describeProblem),
    ...(loads === undefined
      ? []
      : loadSentences(loads, faultyDrivers(findings, tree.packages)).map(describeLoads)),
  ];
  return [...new Set(commands)].map((command) => `${command}\n`).join('');
}

/** Repaired and unpacked files are in the scratch folder; a file on a disc does not exist in the repository. */
function fileInRoot(
  file: string,
  { root, scratch }: Pick<FindingsOptions, 'root' | 'scratch'>,
): string | undefined {
  return isBelow(file, root) && !isBelow(file, scratch) ? relative(root, file) : undefined;
}

function isBelow(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return path !== '..' && !path.startsWith('../') && !isAbsolute(path);
}

function describeFinding(finding: AcceptedFinding, file: string | undefined, isKnown: boolean): string {
  const { rule, severity, message, line, accepted } = finding;
  const isNotice = accepted !== undefined || (isKnown && severity !== 'error');
  const command = isNotice ? 'notice' : commands[severity];
  const place =
    file === undefined
      ? [['title', `${rule}: ${placeOf(finding)}`]]
      : [['file', file], ...(line === undefined ? [] : [['line', String(line)]]), ['title', rule]];
  const properties = place.map(([name, value = '']) => `${name}=${escapeProperty(value)}`).join(',');
  return `::${command} ${properties}::${escapeData(message)}`;
}

function describeProblem({ place, message, rule }: Problem): string {
  const title = rule === undefined ? place : `${rule}: ${place}`;
  return `::error title=${escapeProperty(title)}::${escapeData(message)}`;
}

function describeLoads({ tone, text }: LoadSentence): string {
  const command = tone === 'bad' || tone === 'partly' ? 'warning' : 'notice';
  return `::${command} title=where drivers load::${escapeData(text)}`;
}

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

function escapeData(value: string): string {
  return printable(value).replaceAll('%', '%25');
}

function escapeProperty(value: string): string {
  return escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
