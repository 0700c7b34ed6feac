/** Compares two strings by UTF-16 code units: the one order of every list in the project, whatever the locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
