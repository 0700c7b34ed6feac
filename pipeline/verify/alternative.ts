import { lstat, readlink, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { absent } from '../system/path-kind.ts';
import { bad, good, notJudged } from './checks.ts';
import type { Check } from './verification-schema.ts';

/** A possible target of a link of update-alternatives(1): its path in the folder of discs and its description. */
export interface Choice {
  readonly path: string;
  readonly words: string;
}

/** A link of update-alternatives(1) in the folder of discs. */
export interface Alternative {
  readonly folder: string;
  /** Root for absolute links; empty for the running system. */
  readonly root: string;
  /** Without dpkg, a missing link cannot be judged. */
  readonly hasDpkg: boolean;
  readonly name: string;
  /** What update-alternatives calls the link. */
  readonly group: string;
  /** What the link chooses, for messages. */
  readonly what: string;
  readonly choices: readonly Choice[];
}

/** Follows the link to the disc or the drivers in use and checks that it is one of the choices; no checks if there is nothing to choose. */
export async function verifyAlternative(alternative: Alternative): Promise<Check[]> {
  const { folder, root, hasDpkg, name, group, what, choices } = alternative;
  const hint = `update-alternatives --query ${group} shows the choice; --auto ${group} creates the link again`;
  const link = join(folder, name);
  const found = await lstat(link).catch(leadsNowhere);
  if (choices.length === 0) {
    const isOther = found?.isSymbolicLink() === true || found?.isFile() === true;
    return isOther ? [notJudged(name, `there is no ${what} to compare it with`)] : [];
  }
  if (found === undefined) {
    const fact = `is missing, so tools find no ${what} here`;
    return [hasDpkg ? bad(name, fact, hint) : notJudged(name, fact)];
  }
  if (!found.isSymbolicLink()) return [bad(name, `is not a link to the chosen ${what}`, hint)];
  const end = await endOf(link, root);
  if (end === undefined) return [bad(name, 'is a loop of links', hint)];
  const shown = end.startsWith(`${root}/`) ? end.slice(root.length) : end;
  const target = await stat(end).catch(leadsNowhere);
  if (target === undefined) return [bad(name, `leads to ${shown}, which does not exist`, hint)];
  for (const { path, words } of choices) {
    const choice = await stat(join(folder, path)).catch(leadsNowhere);
    if (choice?.ino === target.ino && choice.dev === target.dev) return [good(name, `leads to ${words}`)];
  }
  return [bad(name, `leads to ${shown}, which is not a ${what}`, hint)];
}

/** The limit of Linux (path_resolution(7)). */
const mostLinks = 40;

/** Resolves absolute links below the root. */
async function endOf(link: string, root: string): Promise<string | undefined> {
  let at = link;
  for (let links = 0; links <= mostLinks; links += 1) {
    const target = await readlink(at).catch(noLink);
    if (target === undefined) return at;
    at = isAbsolute(target) ? join(root, target) : join(dirname(at), target);
  }
  return undefined;
}

function noLink(error: NodeJS.ErrnoException): undefined {
  return error.code === 'EINVAL' ? undefined : leadsNowhere(error);
}

function leadsNowhere(error: NodeJS.ErrnoException): undefined {
  return error.code === 'ELOOP' ? undefined : absent(error);
}
