import { mkdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { program } from './built-release.ts';

/** The user that no file belongs to. */
export const nobody = 65534;

const repository = join(import.meta.dirname, '../..');

/** How root runs the program of this clone as an ordinary user. */
export interface OrdinaryUser {
  /** Runs the words after it as the user. */
  readonly words: readonly string[];
  readonly program: string;
  /** Where a file lies for the user: another place if it is of this clone. */
  readonly seen: (file: string) => string;
}

/**
 * Lets an ordinary user read this clone even where it lies below a folder that only root may enter, such as root's home: it is mounted
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
