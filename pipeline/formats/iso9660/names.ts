import type { IsoFile, IsoFolder, IsoTree } from './folders.ts';
import type { NameKind } from './volume.ts';

/** Whose names a view of a tree has. */
export type ViewKind = NameKind | 'rockRidge';

/** A file or folder of an ISO as readers of one kind of names see it. */
export interface IsoView {
  readonly name: string;
  /** From the root, without a leading slash. */
  readonly path: string;
  /** Where its bytes are; of a folder with bytes below it, undefined. */
  readonly runs: readonly IsoFile['run'][];
  /** A link, device, pipe or socket of Rock Ridge. */
  readonly isSpecial: boolean;
  /** Of a folder. */
  readonly entries?: readonly IsoView[];
}

/** Returns the root of a tree with the names of one kind; a file in parts is one. */
export function viewOf({ folders: [root] }: IsoTree, kind: ViewKind): IsoView {
  return folderView(root, '', '', kind);
}

function folderView({ folders, files }: IsoFolder, name: string, path: string, kind: ViewKind): IsoView {
  const placed = (entry: IsoFile | IsoFolder, isFolder: boolean) => {
    const own = nameOf(entry, kind, isFolder);
    return { name: own, path: path === '' ? own : `${path}/${own}` };
  };
  const entries: IsoView[] = folders.map((folder) => {
    const { name: own, path: below } = placed(folder, true);
    return folderView(folder, own, below, kind);
  });
  let runs: IsoFile['run'][] = [];
  for (const file of files) {
    runs.push(file.run);
    if (file.continues) continue;
    entries.push({ ...placed(file, false), runs, isSpecial: file.rockRidge.isSpecial });
    runs = [];
  }
  return { name, path, runs: [], isSpecial: false, entries };
}

/** Files have a version, `;1`, and those of ISO 9660 a dot even without an ending (ECMA-119 section 7.5). */
function nameOf({ name, rockRidge }: IsoFile | IsoFolder, kind: ViewKind, isFolder: boolean): string {
  if (kind === 'rockRidge' && rockRidge.name !== undefined) return rockRidge.name;
  const written = kind === 'joliet' ? ucs2(name) : bytesAsText(name);
  if (isFolder) return written;
  const unversioned = written.replace(/;\d+$/, '');
  return kind === 'joliet' ? unversioned : unversioned.replace(/(?<=[^.])\.$/, '');
}

/** An odd byte at the end is no character and must not pass for none. */
function ucs2(name: Buffer): string {
  if (name.length % 2 === 1) return `${ucs2(name.subarray(0, -1))}\uFFFD`;
  return Buffer.from(name).swap16().toString('utf16le');
}

/** Names that are cut by their bytes may end within a character. */
function bytesAsText(name: Buffer): string {
  return name.toString('utf8').replaceAll('\uFFFD', '_');
}
