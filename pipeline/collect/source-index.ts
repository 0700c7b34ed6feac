import { folderOf } from '../core/paths.ts';
import type { SourceFile, SourceTree } from '../sources/define.ts';

/** The files of one opened source, by folder and by path without case (Windows and INFs ignore case). */
export interface SourceIndex {
  readonly id: string;
  readonly tree: SourceTree;
  /** Folder (`.` for the root) to its files. */
  readonly folders: ReadonlyMap<string, readonly SourceFile[]>;
  /** Finds `name`, which may hold `/` or `\`, in a folder; undefined when it does not exist. */
  readonly find: (folder: string, name: string) => SourceFile | undefined;
}

/** Indexes an opened source. */
export function indexSource(id: string, tree: SourceTree): SourceIndex {
  const folders = new Map<string, SourceFile[]>();
  const byLowerPath = new Map<string, SourceFile>();
  for (const file of tree.files) {
    const folder = folderOf(file.path);
    const files = folders.get(folder);
    if (files === undefined) folders.set(folder, [file]);
    else files.push(file);
    byLowerPath.set(file.path.toLowerCase(), file);
  }
  const find = (folder: string, name: string) => {
    const path = folder === '.' ? name : `${folder}/${name}`;
    return byLowerPath.get(path.replaceAll('\\', '/').toLowerCase());
  };
  return { id, tree, folders, find };
}
