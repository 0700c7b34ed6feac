import { lstat, readlink, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { absent } from '../system/path-kind.ts';
import { bad, good, notJudged } from './checks.ts';
import type { Check } from './verification-schema.ts';

/** Something that a link of update-alternatives(1) may lead to: its path in the folder of discs, and what to say when it does. */
export interface Choice {
  readonly path: string;
  readonly words: string;
}

/** A link of update-alternatives(1) in the folder of discs, and the system that it is of. */
export interface Alternative {
  readonly folder: string;
  /** Where absolute links start from; empty for the running system. */
  readonly root: string;
  /** Without it nobody tells whether there has to be a link. */
  readonly hasDpkg: boolean;
  readonly name: string;
  /** What it leads to, in a few words. */
  readonly what: string;
  readonly choices: readonly Choice[];
}

/** Follows a link to the disc or the drivers that hosts use, and says which of the choices that is; nothing when there is nothing to choose. */
export async function verifyAlternative(alternative: Alternative): Promise<Check[]> {
  const { folder, root, hasDpkg, name, what, choices } = alternative;
  const link = join(folder, name);
  const found = await lstat(link).catch(leadsNowhere);
  if (choices.length === 0) {
    const isOther = found?.isSymbolicLink() === true || found?.isFile() === true;
    return isOther ? [notJudged(name, `there is no ${what} by which to judge it`)] : [];
  }
  if (found === undefined) {
    const fact = `is not there: no ${what} is offered to those who look here`;
    return [hasDpkg ? bad(name, fact, hint) : notJudged(name, fact)];
  }
  if (!found.isSymbolicLink()) return [bad(name, `is no link to the chosen ${what}`, hint)];
  const end = await endOf(link, root);
  if (end === undefined) return [bad(name, 'is a link that leads nowhere but to itself', hint)];
  const shown = end.startsWith(`${root}/`) ? end.slice(root.length) : end;
  const target = await stat(end).catch(leadsNowhere);
  if (target === undefined) return [bad(name, `leads to ${shown}, which is not there`, hint)];
  for (const { path, words } of choices) {
    const choice = await stat(join(folder, path)).catch(leadsNowhere);
    if (choice?.ino === target.ino && choice.dev === target.dev) return [good(name, `leads to ${words}`)];
  }
  return [bad(name, `leads to ${shown}, which is no ${what}`, hint)];
}

const hint = 'update-alternatives --query virtio-win.iso tells what was chosen; --auto makes the link anew';

/** As many as Linux follows (path_resolution(7)). */
const mostLinks = 40;

/** Absolute links lead below the root. */
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
