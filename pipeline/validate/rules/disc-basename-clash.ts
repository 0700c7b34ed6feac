import { nameOf } from '../../core/paths.ts';
import { driverFolders } from '../../model/driver-folders.ts';
import type { DiscFile } from '../../model/driver-tree.ts';
import { targetPath } from '../../model/target.ts';
import { defineRule } from '../define.ts';

export const basenameClash = defineRule({
  id: 'disc/basename-clash',
  severity: 'warning',
  scope: 'tree',
  explain: `Two drivers have different files with the same name for the same Windows and architecture.
virt-v2v copies all drivers of a target into one folder and ignores case: the last file replaces the other, and one of the drivers breaks.
Use the same build of the shared file in both drivers, or remove one driver from the release.`,
  check: ({ tree }) => {
    const byName = new Map<string, DiscFile>();
    return driverFolders(tree).flatMap(({ target, files }) =>
      files
        .filter(({ path }) => isCopiedByVirtV2v(path))
        .flatMap((file) => {
          const key = `${targetPath(target)}/${nameOf(file.path)}`.toLowerCase();
          const other = byName.get(key) ?? file;
          byName.set(key, other);
          if (other.content.sha256 === file.content.sha256) return [];
          return [
            {
              path: file.path,
              message: `differs from ${other.path}, but virt-v2v copies both under one name`,
              hint: 'use the same build of the file in both drivers',
            },
          ];
        }),
    );
  },
});

/** Mirrors virt-v2v's selection of files (libguestfs-common, mlcustomize/inject_virtio_win.ml). */
function isCopiedByVirtV2v(path: string): boolean {
  const lower = path.toLowerCase();
  return (
    !lower.startsWith('sriov/') &&
    !path.includes('vioprot.') &&
    !lower.endsWith('.pdb') &&
    !path.includes('/ARM64/')
  );
}
