import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { withRandomAccess } from '../formats/random-access.ts';
import { readRpm } from '../formats/rpm/index.ts';
import { sha256Of } from '../formats/sums.ts';
import type { RepositoryItem } from '../page/repository-page.ts';
import { run } from '../system/exec.ts';
import { signDetached } from '../system/gpg.ts';
import { createrepo } from '../system/tools.ts';
import { moveIntoPlace } from './place.ts';
import { damagedFiles, requireAllNamed } from './pool.ts';
import { type PublishedRpms, readPublishedRpms, repomdName, repomdSignatures } from './published-rpm.ts';
import { rpmPackages, type StagedPackage } from './release-packages.ts';
import {
  type JudgedRelease,
  openKeys,
  otherBytes,
  type PublishContext,
  type PublishRun,
  publishingDate,
  type RepositoryOptions,
  requireLater,
  requireSharedKey,
  stageReleases,
  withRepository,
} from './repository.ts';
import { type ListedRpm, parsePrimary, parseRepoMd, type RpmEntry } from './rpm-index.ts';
import { writeSuitePages } from './suite-pages.ts';

/** A published suite of a dnf repository; paths are from the root. */
export interface PublishedRpmSuite {
  readonly fingerprint: string;
  readonly keyName: string;
  readonly packages: readonly RpmEntry[];
  readonly added: readonly string[];
  /** Paths of published packages whose file was missing or damaged and has been restored. */
  readonly restored: readonly string[];
  readonly releases: readonly JudgedRelease[];
}

/** Adds the packages of built releases to a suite of a signed dnf repository; hosts see all of it at once, or nothing. */
export function publishToDnf(
  options: RepositoryOptions,
  context: PublishContext,
): Promise<PublishedRpmSuite> {
  return withRepository(options, [options.suite], context, (run, inRun) => publish(options, run, inRun));
}

/** Makes and signs everything in `staging`, as for apt. */
async function publish(
  options: RepositoryOptions,
  { fingerprint, staging, wasKilled }: PublishRun,
  context: PublishContext,
): Promise<PublishedRpmSuite> {
  const { root, suite } = options;
  const { signal, reporter } = context;
  const keys = await openKeys(options, { fingerprint, staging }, context);
  const published = await readPublishedRpms(options, { keyring: keys.keyring, staging }, signal);
  await requireSharedKey(root, keys);
  const isNew = published.names.length === 0;
  const index = `${suite}/repodata`;
  const date = publishingDate(context);
  requireLater(join(root, index), date, published.date);
  const { staged, judged } = await stageReleases(options, rpmPackages(suite), keys, staging, context);
  const named = published.entries.map(({ path }) => `${suite}/${path}`);
  const added = await newEntries(staged, published, { suite, staging });
  const places = { root, ending: '.rpm', pool: `${suite}/Packages`, index, signed: repomdName, isNew, named };
  await requireAllNamed(places, staged, wasKilled, reporter);
  const restored = await damagedFiles(root, staged, named, signal);

  await writeIndex(options, { staging, date, added }, signal);
  const { packages, indexNames } = await readIndex(join(staging, index));
  requireSame(packages, [...published.entries, ...added]);
  const repomd = join(staging, index, repomdName);
  const [asc = '', byDigest = ''] = repomdSignatures(sha256Of(await readFile(repomd)));
  await signDetached(repomd, join(staging, index, asc), fingerprint, context);
  await copyFile(join(staging, index, asc), join(staging, index, byDigest));
  const items = packages.map((entry) => itemOf(entry, suite));
  const shown = { ...options, client: 'dnf', fingerprint, keyName: keys.name, items } as const;
  const pages = await writeSuitePages(shown, staging, context);
  signal.throwIfAborted();

  const paths = added.map(({ path }) => `${suite}/${path}`);
  const kept = new Set([...indexNames, byDigest, ...published.names]);
  await moveIntoPlace(
    {
      staging,
      root,
      paths: [...paths, ...restored, ...keys.files, ...pages],
      index,
      isNew,
      indexFiles: [...indexNames, byDigest, asc, repomdName].map((name) => `${index}/${name}`),
      staleIn: [index],
      isStale: (name) => /^[0-9a-f]{64}-\w+\.xml(?:\.gz|\.asc)$/.test(name) && !kept.has(name),
    },
    { signal, note: reporter.note },
  );
  return {
    fingerprint,
    keyName: keys.name,
    packages: packages.map(({ summary: _, size: __, ...entry }) => entry),
    added: paths,
    restored,
    releases: judged,
  };
}

/** Returns the packages that the suite does not have; throws when it has one with different bytes, or a header gives another name. */
async function newEntries(
  staged: readonly StagedPackage[],
  { entries }: PublishedRpms,
  { suite, staging }: { readonly suite: string; readonly staging: string },
): Promise<RpmEntry[]> {
  const known = new Map(entries.map(({ path, sha256 }) => [`${suite}/${path}`, sha256]));
  const added: RpmEntry[] = [];
  for (const { path, sha256, from } of staged) {
    const other = known.get(path);
    if (other !== undefined && other !== sha256) throw otherBytes(from, path, sha256, other);
    const subject = { place: 'publish', name: from };
    const facts = await withRandomAccess(join(staging, path), (rpm) => readRpm(rpm, subject));
    const version = `${facts.version}-${facts.release}`;
    if (facts.epoch !== undefined || !path.endsWith(`/${facts.name}-${version}.${facts.arch}.rpm`))
      throw new PipelineError('input', {
        place: from,
        message: `its header says ${facts.name} ${version} for ${facts.arch}`,
        hint: 'a package is published only under the name in its header: build the release again',
      });
    const entry = {
      package: facts.name,
      version,
      arch: facts.arch,
      sha256,
      path: path.slice(suite.length + 1),
    };
    if (other === undefined) added.push(entry);
  }
  return added;
}

interface NewIndex {
  readonly staging: string;
  readonly date: number;
  readonly added: readonly RpmEntry[];
}

/** Writes the index of old and new packages; the old ones are taken from the signed index, not from their files. */
async function writeIndex(
  { suite, origin }: RepositoryOptions,
  { staging, date, added }: NewIndex,
  signal: AbortSignal,
): Promise<void> {
  const list = join(staging, 'new-packages');
  await mkdir(join(staging, suite), { recursive: true });
  await writeFile(list, added.map(({ path }) => `${path}\n`).join(''));
  const args = [
    ...[
      '--quiet',
      '--no-database',
      '--checksum',
      'sha256',
      '--general-compress-type',
      'gz',
      '--workers',
      '1',
    ],
    ...['--revision', String(Math.floor(date / 1000)), '--set-timestamp-to-revision'],
    ...['--repo', origin, '--content', suite],
    ...['--update', '--skip-stat', '--recycle-pkglist', '--pkglist', list, '.'],
  ];
  await run(createrepo, args, { cwd: join(staging, suite), signal, env: { HOME: staging } });
}

async function readIndex(folder: string): Promise<{ packages: ListedRpm[]; indexNames: string[] }> {
  const subject = { place: 'publish', name: createrepo.name };
  const { parts } = parseRepoMd(await readFile(join(folder, repomdName), 'utf8'), subject);
  const primary = parts.find(({ type }) => type === 'primary')?.name ?? '';
  const packages = parsePrimary(await readFile(join(folder, primary)), subject);
  return { packages, indexNames: parts.map(({ name }) => name) };
}

/** The new index has just the old packages and the new ones, with the bytes that were checked. */
function requireSame(packages: readonly RpmEntry[], expected: readonly RpmEntry[]): void {
  const key = ({ package: name, version, arch, path, sha256 }: RpmEntry) =>
    [name, version, arch, path, sha256].join(' ');
  const found = new Set(packages.map(key));
  const lacking = expected.find((entry) => !found.has(key(entry)));
  if (lacking === undefined && packages.length === expected.length) return;
  throw new PipelineError('input', {
    place: createrepo.name,
    message: `wrote an index of ${packages.length} packages, expected ${expected.length}${lacking === undefined ? '' : `, without ${lacking.path}`}`,
    hint: 'a file of the release changed while it was published, or createrepo_c failed: publish again',
  });
}

function itemOf(
  { package: name, version, path, sha256, summary, size }: ListedRpm,
  suite: string,
): RepositoryItem {
  return { name, version, about: summary, path: `${suite}/${path}`, sha256, size };
}
