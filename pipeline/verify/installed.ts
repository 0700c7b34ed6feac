import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import { byCodeUnit } from '../core/order.ts';
import { plural } from '../core/text.ts';
import { entriesBelow, hashFileWith } from '../system/files.ts';
import { isPlainFile } from '../system/path-kind.ts';
import { bad, good, notJudged } from './checks.ts';
import type { InstalledPackage } from './dpkg-sums.ts';
import type { Check } from './verification-schema.ts';

/** Checks installed files against the checksums of dpkg, and finds files in `releases` that no package contains. */
export async function verifyInstalled(
  folder: string,
  packages: readonly InstalledPackage[],
  signal: AbortSignal,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { name, sums } of packages) {
    if (sums === undefined) checks.push(notJudged(name, 'dpkg has no checksums of its files'));
    else checks.push(...(await packageChecks(folder, name, sums, signal)));
  }
  const known = new Set(packages.flatMap(({ sums }) => [...(sums?.keys() ?? [])]));
  return [
    ...checks,
    ...(await addedChecks(folder, known)),
    ...(packages.length > 0 ? [sumsProveLittle] : []),
  ];
}

const sumsProveLittle = notJudged(
  'dpkg',
  'its checksums do not cover owners and modes, and whoever changes the files can change them too',
  'install again from a release that passes pvdisc verify --key',
);

/** Lists the folders below `releases` that cannot be checked, with the reason. */
export async function unjudgedReleases(folder: string, why: string): Promise<Check[]> {
  const names = new Set((await filesBelow(folder)).map((path) => path.split('/').slice(0, 2).join('/')));
  return [...names].map((place) => notJudged(place, `not compared with dpkg: ${why}`));
}

async function packageChecks(
  folder: string,
  name: string,
  sums: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<Check[]> {
  const problems: Check[] = [];
  for (const [path, md5] of sums) {
    const isPlain = await isPlainFile(join(folder, path));
    if (isPlain === undefined) problems.push(bad(path, `is missing; the checksums of ${name} list it`));
    else if (!isPlain) problems.push(bad(path, 'is not a regular file'));
    else {
      const found = await md5Of(join(folder, path), signal);
      if (found !== md5)
        problems.push(bad(path, `has md5 ${found}, but the checksums of ${name} have ${md5}`));
    }
  }
  if (problems.length > 0) return problems;
  return [good(name, `${plural(sums.size, 'file')} checked against the checksums of dpkg`)];
}

async function md5Of(file: string, signal: AbortSignal): Promise<string> {
  const md5 = createHash('md5');
  await hashFileWith(file, md5, signal);
  return md5.digest('hex');
}

async function addedChecks(folder: string, known: ReadonlySet<string>): Promise<Check[]> {
  const top = (path: string) => path.split('/').slice(0, 2).join('/');
  const owned = new Set([...known].map(top));
  const added = (await filesBelow(folder)).filter((path) => !known.has(path));
  const strangers = new Set(added.map(top).filter((path) => !owned.has(path)));
  return [
    ...added
      .filter((path) => owned.has(top(path)))
      .map((path) => bad(path, 'belongs to no package of dpkg: it was added later')),
    ...[...strangers].map((path) => notJudged(path, 'no package of dpkg contains it')),
  ];
}

/** Returns the sorted paths of everything but folders below `releases`, including links. */
async function filesBelow(folder: string): Promise<string[]> {
  return (await entriesBelow(join(folder, 'releases')))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort(byCodeUnit);
}
