import { copyFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BuiltRelease } from './built-release.ts';
import { type DebianRoot, makeDebianRoot } from './debian-root.ts';
import { everyFile } from './every-file.ts';
import { watchHost } from './host-invariants.ts';

/** A minimal Debian with the packages of releases in /tmp, and its files before installation. */
export interface PackageHost {
  readonly debian: DebianRoot;
  readonly clean: readonly string[];
  /** Installs all packages of a release with apt and returns the output. */
  readonly install: (...releases: readonly BuiltRelease[]) => Promise<string>;
  readonly remove: (...names: readonly string[]) => Promise<string>;
  readonly purge: (...names: readonly string[]) => Promise<string>;
  /** Returns the path on this machine. */
  readonly inside: (path: string) => string;
  /** Returns the target of a link of update-alternatives. */
  readonly choice: (link: string) => Promise<string>;
}

/** The folder of discs on a host. */
export const discsFolder = '/usr/share/virtio-win';

/** Creates a host that can install the packages of the releases. */
export async function makePackageHost(
  suite: string | undefined,
  releases: readonly BuiltRelease[],
): Promise<PackageHost> {
  const debian = await makeDebianRoot(suite);
  const inside = (path: string) => join(debian.folder, path);
  for (const deb of releases.flatMap(({ debs }) => debs)) await copyFile(deb, inside(`tmp/${basename(deb)}`));
  const apt = (...args: readonly string[]) =>
    debian.hear('apt-get', '-y', '--no-install-recommends', ...args);
  const folders = ['tmp', 'var/tmp', 'run'].map(inside);
  const isAsBefore = await watchHost({ folder: debian.folder, temporary: folders, debian: debian.folder });
  return {
    debian: { ...debian, remove: () => isAsBefore().finally(debian.remove) },
    clean: await everyFile(debian.folder),
    inside,
    install: (...given) => {
      const files = given.flatMap(({ debs }) => debs.map((deb) => `/tmp/${basename(deb)}`));
      return apt('--allow-downgrades', '--reinstall', 'install', ...files);
    },
    remove: (...names) => apt('remove', ...names),
    purge: (...names) => apt('purge', ...names),
    choice: async (link) => readlink(inside(await readlink(inside(link)))),
  };
}
