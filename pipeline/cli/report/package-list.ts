import { byCodeUnit } from '../../core/order.ts';
import { alignColumns, pageColumns, printable, wrapWords } from '../../core/text.ts';
import { driverVerParts, isoDate } from '../../formats/inf/version.ts';
import { loadConditions, loadConditionText } from '../../formats/windows/signing-policy.ts';
import type { InspectedPackage } from '../../inspect/inspection-schema.ts';
import type { TargetRow } from '../../manifest/targets-schema.ts';
import { unknown } from '../../model/target.ts';
import { archLetters } from './driver-matrix.ts';

/** Lists the versions of each INF, one line for all targets with the same version, signature and load condition. */
export function packageList(
  packages: readonly InspectedPackage[],
  targets: readonly Pick<TargetRow, 'os'>[],
): string[] {
  const order = [...new Set(targets.map(({ os }) => os))];
  const rows = groupRows(packages).map(({ title, cells, found }) => ({
    title,
    cells,
    windows: windowsCells(found, order),
  }));
  const aligned = alignColumns([headings, ...rows.map(({ cells }) => cells)]);
  const width = Math.max(...aligned.map((line) => line.length)) + 4;
  const lines = rows.flatMap(({ title, windows }, index) => {
    const [first = '', ...more] = wrapWords(windows, pageColumns - width);
    return [
      ...(title === rows[index - 1]?.title ? [] : [title]),
      `  ${aligned[index + 1] ?? ''}`.padEnd(width) + first,
      ...more.map((rest) => ' '.repeat(width) + rest),
    ];
  });
  return [`${`  ${aligned[0] ?? ''}`.padEnd(width)}Windows`, ...lines, '', ...legend(packages)];
}

const headings = ['version', 'date', 'signature', 'loads'];

interface Row {
  readonly title: string;
  readonly cells: readonly string[];
  readonly found: InspectedPackage[];
}

/** Sorts by driver, INF and the first path. */
function groupRows(packages: readonly InspectedPackage[]): Row[] {
  const rows = new Map<string, Row>();
  for (const found of packages) {
    const name = found.inf.slice(found.inf.lastIndexOf('/') + 1);
    const title = printable(`${found.driver} (${name})`);
    const cells = cellsOf(found);
    const key = [title.toLowerCase(), ...cells].join('\0');
    const row = rows.get(key) ?? { title, cells, found: [] };
    row.found.push(found);
    rows.set(key, row);
  }
  return [...rows].sort(([a], [b]) => byCodeUnit(a, b)).map(([, row]) => row);
}

function cellsOf({ target, driverVer = '', signature, verdict, loads }: InspectedPackage): string[] {
  const [date = '', version = ''] = driverVerParts(driverVer);
  return [
    version === '' ? '-' : version,
    isoDate(date) ?? (date === '' ? '-' : date),
    verdict.uncovered.length > 0 ? `${signature}*` : signature,
    loads ?? (target.os === unknown ? '?' : '-'),
  ].map((cell) => printable(cell).slice(0, 20));
}

/** Returns `w7:xA` for each Windows, in the order of targets.yaml. */
function windowsCells(found: readonly InspectedPackage[], order: readonly string[]): string[] {
  const present = [...new Set(found.map(({ target }) => target.os))];
  const rank = (os: string) => (order.includes(os) ? order.indexOf(os) : order.length);
  return present
    .sort((a, b) => rank(a) - rank(b) || byCodeUnit(a, b))
    .map((os) => `${os}:${archLetters(found.filter(({ target }) => target.os === os))}`);
}

function legend(packages: readonly InspectedPackage[]): string[] {
  const used = new Set(packages.map(({ loads }) => loads));
  const conditions = loadConditions.filter((condition) => used.has(condition));
  const meanings = conditions.map((condition) => `${condition}: ${loadConditionText[condition]}`);
  const isLacking = packages.some(({ verdict }) => verdict.uncovered.length > 0);
  const lacking = '*: the catalog does not cover all files of the package, so Windows treats it as unsigned';
  return [...meanings, ...(isLacking ? [lacking] : [])];
}
