import { posix } from 'node:path';

/** A Windows guest as virt-v2v tells it: the OS folder in lower case (`2k12r2`), and libguestfs' word for the architecture. */
export interface V2vGuest {
  readonly os: string;
  readonly arch: 'i386' | 'x86_64';
}

/** OS folders that virt-v2v knows, in the order in which it looks for them. */
const v2vOsFolders = [
  ...['xp', '2k3', '2k8', 'w7', '2k8r2', 'w8', '2k12', 'w8.1', '2k12r2'],
  ...['w10', 'w11', '2k16', '2k19', '2k22', '2k25'],
];

/** All guests that virt-v2v can tell apart by the paths of a disc. */
export const v2vGuests: readonly V2vGuest[] = v2vOsFolders.flatMap((os) => [
  { os, arch: 'i386' },
  { os, arch: 'x86_64' },
]);

/** Returns whether virt-v2v takes a file of the disc for a guest (libguestfs-common, mlcustomize/inject_virtio_win.ml). */
export function isTakenByV2v(path: string, guest: V2vGuest): boolean {
  const lower = path.toLowerCase();
  const has = (folder: string) => lower.startsWith(`${folder}/`) || lower.includes(`/${folder}/`);
  const arch = has('x86') || has('i386') ? 'i386' : has('amd64') ? 'x86_64' : undefined;
  if (arch !== guest.arch || v2vOsFolders.find(has) !== guest.os) return false;
  return !has('sriov') && !path.includes('vioprot.') && !path.endsWith('.pdb');
}

/**
 * Returns the folder that virt-v2v makes in a guest: for each name (lower case) the digests written to it in turn, of which the last
 * one stays. `files` are the regular files of the disc, sha256 by path: virt-v2v follows no links on an ISO.
 */
export function v2vFolder(
  files: Readonly<Record<string, string>>,
  guest: V2vGuest,
): Record<string, readonly string[]> {
  const folder: Record<string, string[]> = {};
  for (const [path, sha256] of Object.entries(files)) {
    if (!isTakenByV2v(path, guest)) continue;
    const name = posix.basename(path).toLowerCase();
    folder[name] = [...(folder[name] ?? []), sha256];
  }
  return folder;
}

/** Returns the names of a folder to which different files were written, sorted. */
export function v2vClashes(folder: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.keys(folder)
    .filter((name) => new Set(folder[name]).size > 1)
    .sort();
}
