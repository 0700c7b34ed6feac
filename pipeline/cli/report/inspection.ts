import { pageColumns, plural, printable } from '../../core/text.ts';
import type { Inspection } from '../../inspect/inspection-schema.ts';
import type { TargetRow } from '../../manifest/targets-schema.ts';
import { driverMatrix } from './driver-matrix.ts';
import { faultyDrivers, findingCounts, findingsByRule, type SummaryOptions } from './findings/by-rule.ts';
import { everyPlace, findingDetails } from './findings/details.ts';
import { jsonText } from './json-text.ts';
import { loadLines } from './loads.ts';
import { packageList } from './package-list.ts';

export const inspectionReports = { table, json } as const;

export type InspectionFormat = keyof typeof inspectionReports;

function json(inspection: Inspection): string {
  return jsonText(inspection);
}

interface TableOptions extends SummaryOptions {
  /** The only rule whose findings are shown. */
  readonly rule?: string;
}

/** Returns tables for a terminal of 100 columns, and the findings and where drivers load for the width of the terminal. */
function table(inspection: Inspection, targets: readonly TargetRow[], options: TableOptions): string {
  const look = { columns: pageColumns, ...options };
  const { packages, files, findings, loads, problems } = inspection;
  if (look.rule !== undefined) {
    const tree = { packages, files: [], unnamed: [] };
    return `${findingDetails({ findings: everyPlace(findings), tree }, look)}${findingCounts({ findings })}\n${unreadableText(inspection)}`;
  }
  const parts =
    packages.length === 0
      ? [
          [
            `No ${problems.length > 0 ? 'readable ' : ''}driver package (INF) in ${plural(files.length, 'file')}.`,
          ],
        ]
      : [driverMatrix(packages, targets, { colour: look.colour }), packageList(packages, targets)];
  const loading =
    loads === undefined ? [] : loadLines(loads, { ...look, faulty: faultyDrivers(findings, packages) });
  return `${[...parts, findingLines(inspection, targets, look), problemLines(inspection), loading]
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')}`;
}

function findingLines(
  { findings, packages, problems }: Inspection,
  targets: readonly TargetRow[],
  look: SummaryOptions,
): string[] {
  if (findings.length === 0)
    return [problems.length === 0 ? 'Findings: none.' : 'Findings: none in the files that can be read.'];
  return [
    'Findings (pvdisc inspect INPUT RULE lists them, pvdisc check --explain RULE explains a rule):',
    ...findingsByRule({ findings, packages, targets }, look),
    '',
    findingCounts({ findings }),
  ];
}

/** Returns what cannot be read, after an empty line; empty where all can. */
export function unreadableText(inspection: Inspection): string {
  const lines = problemLines(inspection);
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}

function problemLines({ problems }: Inspection): string[] {
  if (problems.length === 0) return [];
  return [
    'Unreadable (an error):',
    ...problems.map(({ place, message }) => `  ${printable(`${place}: ${message}`)}`),
  ];
}
