import { writeFile } from 'node:fs/promises';
import type { RunContext } from '../core/context.ts';
import { type LayoutEntry, maxNameLength } from '../model/disc-layout.ts';
import { run } from '../system/exec.ts';
import { tools } from '../system/tools.ts';

/** Settings for xorriso other than the files. */
export interface IsoOptions {
  readonly label: string;
  /** Seconds since 1970 (UTC), given to every file and to the volume. */
  readonly epoch: number;
  readonly pathList: string;
  readonly output: string;
}

/**
 * Returns the arguments of xorriso for a disc: Rock Ridge plus a primary tree whose names are recorded as they are, for readers
 * such as Windows that know no Rock Ridge; owner, mode and times fixed and no start-up files of the machine read, so that the
 * same files give the same bytes (xorrisofs(1)).
 */
export function isoArguments({ label, epoch, pathList, output }: IsoOptions): string[] {
  return [
    ...['-no_rc', '-as', 'mkisofs', '-quiet'],
    ...['-output', output],
    ...['-volid', label],
    ...['-preparer', 'pvdisc'],
    ...['-rational-rock', '-iso-level', '4'],
    ...['-untranslated_name_len', String(maxNameLength), '-omit-version-number'],
    ...['-file-mode', '0444', '-dir-mode', '0555'],
    ...['--set_all_file_dates', `=${epoch}`],
    ...[`--modification-date=${volumeDate(epoch)}`],
    ...['-graft-points', '-path-list', pathList],
  ];
}

/** Returns xorriso's path list; identical contents are named by one file on disk, so that they occupy one extent. */
export function pathListText(entries: readonly LayoutEntry[]): string {
  const representative = new Map<string, string>();
  const lines = entries.map(({ path, content }) => {
    const file = representative.get(content.sha256) ?? content.file;
    representative.set(content.sha256, file);
    return `${escapeGraft(path)}=${escapeGraft(file)}\n`;
  });
  return lines.join('');
}

/** Writes an ISO of the entries; xorriso leaves a file behind when it fails, so the caller renames only after this returns. */
export async function writeIso(
  entries: readonly LayoutEntry[],
  options: IsoOptions,
  context: Pick<RunContext, 'signal'>,
): Promise<void> {
  await writeFile(options.pathList, pathListText(entries));
  await run(tools.xorriso, isoArguments(options), { signal: context.signal });
}

/** A graft point's target and source are separated by `=`; both it and the backslash are escaped by a backslash. */
function escapeGraft(path: string): string {
  return path.replaceAll('\\', '\\\\').replaceAll('=', '\\=');
}

/** `YYYYMMDDhhmmsscc` (ECMA-119, 8.4.26.1, without the zone: xorriso reads it as UTC when TZ is UTC). */
function volumeDate(epoch: number): string {
  return `${new Date(epoch * 1000).toISOString().replace(/[-:T]/g, '').slice(0, 14)}00`;
}
