import { targetPath } from '../model/target.ts';
import type { SourceFile } from '../sources/define.ts';
import type { Claim } from './claims.ts';

/** Returns the path on the disc of a file in a driver's folder: `<Driver>/<os>/<arch>/` and its path in that folder. */
export function discPath({ driver, target, folder }: Claim, file: SourceFile): string {
  const name = folder === '.' ? file.path : file.path.slice(folder.length + 1);
  return `${driver.name}/${targetPath(target)}/${name}`;
}
