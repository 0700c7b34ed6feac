import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { byCodeUnit } from '../core/order.ts';
import { plural } from '../core/text.ts';
import { parseControl } from '../formats/deb/control.ts';
import { isOwnPage } from '../page/document.ts';
import { type RepositoryView, repositoryPage } from '../page/repository-page.ts';
import { absent, isPlainFile, readPlainFile } from '../system/path-kind.ts';
import { aptSteps } from './host-steps.ts';
import type { IndexEntry } from './package-index.ts';

/** The suite that the pages are about. */
interface PagesInput {
  readonly root: string;
  readonly suite: string;
  readonly origin: string;
  /** Where the repository is served; the page says that it is its own address when absent. */
  readonly url?: string;
  readonly fingerprint: string;
  readonly keyName: string;
  readonly entries: readonly IndexEntry[];
}

/**
 * Writes the page of a suite into `staging`, and index.html, which is the same where there is one suite and leads to each where there are
 * several. Returns their paths; an index.html of somebody else stays.
 */
export async function writeAptPages(
  input: PagesInput,
  staging: string,
  { reporter }: Pick<RunContext, 'reporter'>,
): Promise<string[]> {
  const { root, suite, origin } = input;
  const present = (await readdir(join(root, 'dists')).catch(absent)) ?? [];
  const suites = [...new Set([...present.filter((name) => !name.startsWith('.')), suite])].sort(byCodeUnit);
  const view = suiteView(input);
  const pages = new Map([[suitePage(suite), repositoryPage(view)]]);
  const isAlone = suites.length === 1;
  const others = suites.map((name) => ({ name, href: suitePage(name) }));
  const overview = {
    kind,
    title: origin,
    facts: [plural(suites.length, 'suite')],
    steps: [],
    items: [],
    others,
  };
  pages.set('index.html', isAlone ? repositoryPage(view) : repositoryPage(overview));
  const written: string[] = [];
  for (const [path, text] of pages) {
    if (await isOthers(join(root, path))) {
      reporter.note(`${join(root, path)} stays as it is: pvdisc did not write it`);
      continue;
    }
    await mkdir(staging, { recursive: true });
    await writeFile(join(staging, path), text);
    written.push(path);
  }
  return written;
}

const kind = 'apt repository of drivers for Windows guests';

function suitePage(suite: string): string {
  return `suite-${suite}.html`;
}

/** More than any page of a repository; a larger file is not one. */
const maxPageBytes = 2 ** 24;

async function isOthers(file: string): Promise<boolean> {
  if ((await isPlainFile(file)) === undefined) return false;
  const read = await readPlainFile(file, maxPageBytes, 'refuse');
  return 'problem' in read || !isOwnPage(read.bytes.toString());
}

function suiteView({ suite, origin, url, fingerprint, keyName, entries }: PagesInput): RepositoryView {
  return {
    kind,
    title: `${origin} ${suite}`,
    facts: [plural(entries.length, 'package'), `signed by ${fingerprint}`],
    steps: [
      ...(url === undefined
        ? [{ text: 'Set the address of the folder of this page:', command: 'URL=https://…' }]
        : []),
      ...aptSteps({ suite }, keyName, url ?? '$URL'),
    ],
    items: entries.map(itemOf),
  };
}

function itemOf(entry: IndexEntry): RepositoryView['items'][number] {
  const [stanza] = parseControl(entry.text, entry.filename);
  const field = (name: string) => stanza?.fields.get(name)?.value;
  const about = field('description')?.split('\n')[0];
  return {
    name: entry.package,
    version: entry.version,
    href: entry.filename.split('/').map(encodeURIComponent).join('/'),
    sha256: entry.sha256,
    size: Number(field('size') ?? 0),
    ...(about !== undefined && { about }),
  };
}
