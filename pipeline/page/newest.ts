import { byCodeUnit } from '../core/order.ts';
import { plural } from '../core/text.ts';

/** What a cell of the matrix says of its driver package; both are empty where there is none. */
export interface VersionedCell {
  readonly version: string;
  /** YYYY-MM-DD. */
  readonly date: string;
}

/** Returns the newest of cells, as Windows ranks drivers: by date, then by version. */
export function newestOf<Cell extends VersionedCell>(cells: readonly Cell[]): Cell | undefined {
  const [newest] = [...cells].sort(
    (one, other) => byCodeUnit(other.date, one.date) || compareVersions(other.version, one.version),
  );
  return newest;
}

/** Returns the newest version of cells, and how many others they have. */
export function versionsText(cells: readonly VersionedCell[]): string {
  const others = new Set(cells.flatMap(({ version }) => version || [])).size - 1;
  return `${newestOf(cells)?.version ?? ''}${others > 0 ? ` and ${plural(others, 'other')}` : ''}`;
}

function compareVersions(one: string, other: string): number {
  const [left, right] = [numbers(one), numbers(other)];
  const at = left.findIndex((number, index) => number !== (right[index] ?? -1));
  return at < 0 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
}

/** What is no number comes before all numbers. */
function numbers(version: string): number[] {
  return version.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : -1));
}
