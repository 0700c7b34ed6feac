import { readdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { byCodeUnit } from '../core/order.ts';
import { readSums } from '../formats/sums.ts';
import { discsFolder } from '../model/host-paths.ts';
import { absent, readPlainFile } from '../system/path-kind.ts';

/** Md5 digests (hex) of a package's files by their path in the folder of discs; undefined if dpkg has none. */
export interface InstalledPackage {
  readonly name: string;
  readonly sums?: ReadonlyMap<string, string>;
}

/** Returns the root of the system that a folder of discs belongs to, empty for the running one; undefined for any other folder. */
export async function systemRoot(folder: string): Promise<string | undefined> {
  const found = [resolve(folder), await realpath(folder)].find((path) => path.endsWith(`/${discsFolder}`));
  return found?.slice(0, -discsFolder.length - 1);
}

/** Reads dpkg's checksums of all packages with files in the folder of discs (deb-md5sums(5)); undefined without dpkg. */
export async function readInstalled(root: string): Promise<InstalledPackage[] | undefined> {
  const info = infoFolder(root);
  const files = await readdir(info).catch(absent);
  if (files === undefined) return undefined;
  const names = new Set<string>();
  for (const file of files) {
    const name = /^(.+)\.(?:list|md5sums)$/.exec(file)?.[1];
    if (name !== undefined && (await textOf(join(info, file)))?.includes(`${discsFolder}/`)) names.add(name);
  }
  const packages = [...names].sort(byCodeUnit).map(async (name): Promise<InstalledPackage> => {
    const text = await textOf(join(info, `${name}.md5sums`));
    return text === undefined ? { name } : { name, sums: sumsIn(text) };
  });
  return Promise.all(packages);
}

/** Returns the folder with dpkg's file lists and checksums. */
export function infoFolder(root: string): string {
  return join(root, '/var/lib/dpkg/info');
}

/** Far more than the list of a package with 100,000 files. */
const mostBytes = 2 ** 26;

async function textOf(file: string): Promise<string | undefined> {
  const read = await readPlainFile(file, mostBytes);
  return 'bytes' in read ? read.bytes.toString('utf8') : undefined;
}

function sumsIn(text: string): Map<string, string> {
  return new Map(
    readSums(text, 'md5sum').flatMap((listed): [string, string][] => {
      if (listed.digest === undefined || !listed.path.startsWith(`${discsFolder}/`)) return [];
      const inside = listed.path.slice(discsFolder.length + 1);
      return inside.split('/').includes('..') ? [] : [[inside, listed.digest]];
    }),
  );
}
