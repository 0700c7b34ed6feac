import { join } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { isOwnPage } from '../page/document.ts';
import { isPlainFile, readPlainFile } from '../system/path-kind.ts';

/** The page that leads to all others of a folder. */
export const overviewName = 'index.html';

/** Returns the pages that may be written into a folder, by path; a file of somebody else stays, which a note says. */
export async function ownPages(
  folder: string,
  pages: ReadonlyMap<string, string>,
  { reporter }: Pick<RunContext, 'reporter'>,
): Promise<ReadonlyMap<string, string>> {
  const own = new Map<string, string>();
  for (const [path, text] of pages) {
    const file = join(folder, path);
    if (await isOthers(file)) reporter.note(`${file} stays as it is: pvdisc did not write it`);
    else own.set(path, text);
  }
  return own;
}

/** More than any page of a repository; a larger file is not one. */
const maxPageBytes = 2 ** 24;

async function isOthers(file: string): Promise<boolean> {
  if ((await isPlainFile(file)) === undefined) return false;
  const read = await readPlainFile(file, maxPageBytes, 'refuse');
  return 'problem' in read || !isOwnPage(read.bytes.toString());
}
