import { nameOf } from '../../core/paths.ts';
import { pathProblem } from '../../core/safe-path.ts';

/** Returns why a value of `CatalogFile` names no catalog, undefined where it does: it is "in the same directory as the INF file" (Microsoft, "INF Version Section"). */
export function catalogNameProblem(name: string): string | undefined {
  if (/[\\/]/.test(name)) return 'is not a plain file name';
  if (!/\.cat$/i.test(name)) return 'does not end in .cat';
  return pathProblem(name);
}

/** Returns the line by which an INF names a catalog like itself. */
export function catalogLine(infPath: string): string {
  return `CatalogFile = ${nameOf(infPath).replace(/\.inf$/i, '.cat')}`;
}
