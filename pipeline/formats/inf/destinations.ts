import { infNumber } from './fields.ts';
import { type Inf, infEntries } from './inf.ts';

/** Folders on the guest that several directory numbers lead to (Microsoft, "Using Dirids"); lower case. */
const knownFolders: Readonly<Record<number, string>> = {
  10: '%windir%',
  11: '%windir%\\system32',
  12: '%windir%\\system32\\drivers',
  17: '%windir%\\inf',
};

/**
 * Returns the folder that a `CopyFiles` list goes to, `@file` without a list; `[DestinationDirs]` says it for the list or by
 * `DefaultDestDir`. Undefined where it says nothing that can be read. Lower case, without the difference of `%10%\System32` and `%11%`.
 */
export function destinationFolder(inf: Inf, list: string | undefined): string | undefined {
  const own = list === undefined ? undefined : infEntries(inf, 'DestinationDirs', list)[0];
  const entry = own ?? infEntries(inf, 'DestinationDirs', 'DefaultDestDir')[0];
  const dirid = infNumber(entry?.values[0]);
  return dirid === undefined ? undefined : guestPath(`%${dirid}%\\${entry?.values[1] ?? ''}`);
}

/** Returns a path that begins with a directory number, such as `%12%\viostor.sys`, in one form; undefined for any other path. */
export function guestPath(path: string): string | undefined {
  const [, dirid, rest = ''] = /^%(\d{1,10})%(?:[\\/]+(.*))?$/.exec(path.trim().toLowerCase()) ?? [];
  if (dirid === undefined) return undefined;
  const folder = knownFolders[Number(dirid)] ?? `%${Number(dirid)}%`;
  return [folder, ...rest.split(/[\\/]+/).filter((name) => name !== '')].join('\\');
}
