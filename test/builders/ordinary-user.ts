import { mkdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { program } from './built-release.ts';

/** A user without files (nobody). */
export const nobody = 65534;

const repository = join(import.meta.dirname, '../..');

/** Lets root run this clone as an ordinary user. */
export interface OrdinaryUser {
  /** Command prefix that runs a command as the user. */
  readonly words: readonly string[];
  readonly program: string;
  /** Returns the path of a file for the user; files of this clone are mounted elsewhere. */
  readonly seen: (file: string) => string;
}

/**
 * Lets an ordinary user read this clone even in a folder that only root can enter, such as root's home: it is mounted
 * in `folder`, which the user must be able to enter, and only the user's processes see it there. Needs root, `unshare`, `mount`, `setpriv`.
 */
export async function ordinaryUser(folder: string, ...options: readonly string[]): Promise<OrdinaryUser> {
  const place = join(folder, 'clone');
  await mkdir(place, { recursive: true });
  const mounting = 'mount --bind "$1" "$2"; shift 2; exec "$@"';
  const seen = (file: string) => {
    const path = relative(repository, file);
    return path.split(sep)[0] === '..' ? file : join(place, path);
  };
  return {
    words: [
      ...['unshare', '--mount', 'sh', '-ec', mounting, 'sh', repository, place],
      ...['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', ...options],
    ],
    program: seen(program),
    seen,
  };
}
