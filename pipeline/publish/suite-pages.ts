import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { isSystemError } from '../core/errors.ts';
import { byCodeUnit } from '../core/order.ts';
import { plural } from '../core/text.ts';
import { type RepositoryItem, type RepositoryView, repositoryPage } from '../page/repository-page.ts';
import { exists } from '../system/files.ts';
import { absent } from '../system/path-kind.ts';
import { aptSteps, dnfSteps } from './host-steps.ts';
import { overviewName, ownPages } from './own-pages.ts';
import { repomdName } from './published-rpm.ts';
import type { RepositoryOptions } from './repository.ts';

/** A suite for apt or dnf. */
interface Suite {
  readonly client: 'apt' | 'dnf';
  readonly suite: string;
}

/** The suite that the pages are about; they say that the repository is served at their own address where there is no `url`. */
type ShownSuite = Suite &
  Pick<RepositoryOptions, 'root' | 'origin' | 'url'> & {
    readonly fingerprint: string;
    readonly keyName: string;
    readonly items: readonly RepositoryItem[];
  };

/**
 * Writes the page of a suite into `staging`, and index.html, which is the same where there is one suite and leads to each where there are
 * several, for apt and dnf. Returns their paths; an index.html of somebody else stays.
 */
export async function writeSuitePages(
  shown: ShownSuite,
  staging: string,
  context: Pick<RunContext, 'reporter'>,
): Promise<string[]> {
  const suites = await suitesOf(shown);
  const page = repositoryPage(suiteView(shown));
  const overview = suites.length === 1 ? page : repositoryPage(overviewOf(shown.origin, suites));
  const pages = new Map([
    [pageName(shown), page],
    [overviewName, overview],
  ]);
  const own = await ownPages(shown.root, pages, context);
  await mkdir(staging, { recursive: true });
  for (const [path, text] of own) await writeFile(join(staging, path), text);
  return [...own.keys()];
}

/** Returns the suites in the folder of a repository, with the one that this run adds. */
async function suitesOf({ root, client, suite }: ShownSuite): Promise<Suite[]> {
  const apt = (await readdir(join(root, 'dists')).catch(absent)) ?? [];
  const dnf: string[] = [];
  for (const name of await readdir(root))
    if (await exists(join(root, name, 'repodata', repomdName)).catch(unreadable)) dnf.push(name);
  const byPage = new Map<string, Suite>();
  const add = (found: Suite) => byPage.set(pageName(found), found);
  for (const name of apt) if (!name.startsWith('.')) add({ client: 'apt', suite: name });
  for (const name of dnf) add({ client: 'dnf', suite: name });
  add({ client, suite });
  return [...byPage.values()].sort((a, b) => byCodeUnit(pageName(a), pageName(b)));
}

/** A folder that this user cannot read, or a link in a loop, is not a suite that this user has published. */
function unreadable(error: unknown): false {
  if (!isSystemError(error)) throw error;
  return false;
}

function pageName({ client, suite }: Suite): string {
  return `${client}-${suite}.html`;
}

function overviewOf(origin: string, suites: readonly Suite[]): RepositoryView {
  const clients = [...new Set(suites.map(({ client }) => client))];
  return {
    kind: kindOf(clients.join(' and ')),
    title: origin,
    facts: [plural(suites.length, 'suite')],
    steps: [],
    items: [],
    others: suites.map((found) => ({
      name: clients.length === 1 ? found.suite : `${found.suite} (${found.client})`,
      href: pageName(found),
    })),
  };
}

function suiteView(shown: ShownSuite): RepositoryView {
  const { client, suite, origin, url, fingerprint, keyName, items } = shown;
  const stepsFor = { apt: aptSteps, dnf: dnfSteps };
  return {
    kind: kindOf(client),
    title: `${origin} ${suite}`,
    facts: [plural(items.length, 'package'), `signed by ${fingerprint}`],
    steps: [
      ...(url === undefined
        ? [{ text: 'Set the address of the folder of this page:', command: 'URL=https://…' }]
        : []),
      ...stepsFor[client](shown, keyName, url ?? '$URL'),
      ...installSteps(client, items),
    ],
    items: items.toSorted((a, b) => byCodeUnit(a.name, b.name)),
  };
}

/** Returns the command for the packages of discs, of which symbols and drivers are companions. */
function installSteps(client: Suite['client'], items: readonly RepositoryItem[]): RepositoryView['steps'] {
  const names = new Set(items.map(({ name }) => name));
  const discOf = (name: string) => name.replace(/-(?:symbols|drivers)$/, '');
  const discs = [...names]
    .filter((name) => discOf(name) === name || !names.has(discOf(name)))
    .sort(byCodeUnit);
  const text = discs.length === 1 ? 'The drivers:' : 'The drivers, one package or several:';
  return discs.length === 0
    ? []
    : [{ text, command: discs.map((name) => `sudo ${client} install ${name}`).join('\n') }];
}

function kindOf(clients: string): string {
  return `${clients} repository of drivers for Windows guests`;
}
