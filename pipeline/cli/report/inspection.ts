import { byCodeUnit } from '../../core/order.ts';
import { alignColumns, plural, printable } from '../../core/text.ts';
import type { Inspection } from '../../inspect/inspection-schema.ts';
import type { TargetRow } from '../../manifest/targets-schema.ts';
import { driverMatrix } from './driver-matrix.ts';
import { jsonText } from './json-text.ts';
import { packageList } from './package-list.ts';

export const inspectionReports = { table, json } as const;

export type InspectionFormat = keyof typeof inspectionReports;

function json(inspection: Inspection): string {
  return jsonText(inspection);
}

/** Returns tables for a terminal of 100 columns. */
function table(inspection: Inspection, targets: readonly TargetRow[]): string {
  const { packages, files } = inspection;
  const parts =
    packages.length === 0
      ? [[`No driver package (INF) in ${plural(files.length, 'file')}.`]]
      : [driverMatrix(packages, targets), packageList(packages, targets)];
  return `${[...parts, findingCounts(inspection), problemLines(inspection)]
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')}`;
}

function findingCounts({ findings }: Inspection): string[] {
  if (findings.length === 0) return ['Findings: none.'];
  const counts = new Map<string, number>();
  for (const { rule, severity } of findings) {
    const key = `${severity} ${rule}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const order = ['error', 'warning', 'info'];
  const rows = [...counts]
    .map(([key, count]) => [...key.split(' '), String(count)])
    .sort(
      ([a = '', ruleA = ''], [b = '', ruleB = '']) =>
        order.indexOf(a) - order.indexOf(b) || byCodeUnit(ruleA, ruleB),
    );
  return [
    'Findings (--format json lists them, pvdisc check --explain RULE explains a rule):',
    ...alignColumns(rows).map((line) => `  ${line}`),
  ];
}

function problemLines({ problems }: Inspection): string[] {
  if (problems.length === 0) return [];
  return ['Unreadable:', ...problems.map(({ place, message }) => `  ${printable(`${place}: ${message}`)}`)];
}
