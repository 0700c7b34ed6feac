import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { parseControl } from '../formats/deb/control.ts';
import { run } from '../system/exec.ts';
import { signRelease } from '../system/gpg.ts';
import { tools } from '../system/tools.ts';
import { writeIndexes } from './indexes.ts';
import { type IndexEntry, indexText, itemOf, parseIndex } from './package-index.ts';
import { moveIntoPlace } from './place.ts';
import { damagedFiles, requireAllNamed } from './pool.ts';
import { type Published, readPublished } from './published.ts';
import { writeReleaseFile } from './release-file.ts';
import { debPackages, type StagedPackage } from './release-packages.ts';
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
import { writeSuitePages } from './suite-pages.ts';

/** A published suite: the key's fingerprint and file names without ending, its packages, and the paths that are new. */
export interface PublishedSuite {
  readonly fingerprint: string;
  readonly keyName: string;
  readonly packages: readonly Omit<IndexEntry, 'text'>[];
  readonly added: readonly string[];
  /** Paths of published packages whose file was missing or damaged and has been restored. */
  readonly restored: readonly string[];
  readonly releases: readonly JudgedRelease[];
}

/** Adds the packages of built releases to a suite of a signed repository; hosts see all of it at once, or nothing. */
export function publishToApt(options: RepositoryOptions, context: PublishContext): Promise<PublishedSuite> {
  return withRepository(options, ['pool', 'dists'], context, (run, inRun) => publish(options, run, inRun));
}

/** Makes and signs everything in `staging`, a folder that is not served: other users who can write to the repository must not choose what is signed. */
async function publish(
  options: RepositoryOptions,
  { fingerprint, staging, wasKilled }: PublishRun,
  context: PublishContext,
): Promise<PublishedSuite> {
  const { root, suite, origin, label, validForDays } = options;
  const { signal, reporter } = context;
  const keys = await openKeys(options, { fingerprint, staging }, context);
  const published = await readPublished({ ...options, keyring: keys.keyring, workDir: staging }, signal);
  await requireSharedKey(root, keys);
  const isNew = published.digests.length === 0;
  const index = `dists/${suite}`;
  const date = publishingDate(context);
  requireLater(join(root, index), date, published.date);
  const { staged, judged } = await stageReleases(options, debPackages(suite), keys, staging, context);
  const added = await newEntries(staged, published, staging, signal);
  const named = published.entries.map(({ filename }) => filename);
  const places = { root, ending: '.deb', pool: `pool/${suite}`, index, signed: 'InRelease', isNew, named };
  await requireAllNamed(places, staged, wasKilled, reporter);
  const restored = await damagedFiles(root, staged, named, signal);

  const text = indexText(published.entries, added);
  const folder = join(staging, 'dists', suite);
  await mkdir(folder, { recursive: true });
  const indexes = await writeIndexes(folder, text, signal);
  const validUntil = validForDays === undefined ? {} : { validUntil: date + validForDays * 86_400_000 };
  await writeReleaseFile(folder, { suite, origin, label, date, ...validUntil }, signal);
  await signRelease(folder, fingerprint, context);
  signal.throwIfAborted();

  const entries = parseIndex(text, 'Packages');
  const items = entries.map(itemOf);
  const shown = { ...options, client: 'apt', fingerprint, keyName: keys.name, items } as const;
  const pages = await writeSuitePages(shown, staging, context);
  const paths = added.map(({ filename }) => filename);
  const byHash = [...new Set(indexes.map((file) => `${index}/${file.byHash}`))];
  const plain = indexes.map(({ path }) => `${index}/${path}`);
  // apt goes by InRelease; the sooner it follows the names that are no digests, the less a run that is killed between them leaves apart.
  const release = ['InRelease', 'Release.gpg', 'Release'].map((name) => `${index}/${name}`);
  const kept = new Set([...indexes.map(({ sha256 }) => sha256), ...published.digests]);
  await moveIntoPlace(
    {
      staging,
      root,
      paths: [...paths, ...restored, ...keys.files, ...pages],
      index,
      isNew,
      indexFiles: [...byHash, ...plain, ...release],
      staleIn: [...new Set(byHash.map((path) => dirname(path)))],
      isStale: (name) => /^[0-9a-f]{64}$/.test(name) && !kept.has(name),
    },
    { signal, note: reporter.note },
  );
  return {
    fingerprint,
    keyName: keys.name,
    packages: entries.map(({ text: _, ...entry }) => entry),
    added: paths,
    restored,
    releases: judged,
  };
}

/** Returns the index entries of packages that the suite does not have; throws when it has one with different bytes. */
async function newEntries(
  staged: readonly StagedPackage[],
  { entries }: Published,
  staging: string,
  signal: AbortSignal,
): Promise<IndexEntry[]> {
  const known = new Map(entries.map(({ filename, sha256 }) => [filename, sha256]));
  for (const { path, sha256, from } of staged) {
    const other = known.get(path);
    known.set(path, sha256);
    if (other !== undefined && other !== sha256) throw otherBytes(from, path, sha256, other);
  }
  const args = ['-o', 'APT::FTPArchive::MD5=false', '-o', 'APT::FTPArchive::SHA1=false', 'packages', 'pool'];
  const { stdout } = await run(tools['apt-ftparchive'], args, { cwd: staging, signal });
  const old = new Set(entries.map(({ filename }) => filename));
  const made = parseIndex(stdout, tools['apt-ftparchive'].name);
  const lacking = staged.find(
    ({ path, sha256 }) => !made.some((entry) => entry.filename === path && entry.sha256 === sha256),
  );
  if (lacking !== undefined) throw noPackage(lacking.from);
  for (const { path, from } of staged) {
    const entry = made.find(({ filename }) => filename === path);
    if (entry !== undefined) requireOwnName(entry, from);
  }
  return made.filter(({ filename }) => !old.has(filename));
}

/** apt goes by the control file of a package, not by its file name. */
function requireOwnName({ text }: IndexEntry, from: string): void {
  const [stanza] = parseControl(text, from);
  const [name, version, arch] = ['package', 'version', 'architecture'].map(
    (field) => stanza?.fields.get(field)?.value,
  );
  if (`${name}_${version}_${arch}.deb` === basename(from)) return;
  throw new PipelineError('input', {
    place: from,
    message: `its control file says Package: ${name}, Version: ${version}, Architecture: ${arch}`,
    hint: 'a package is published only under the name in its control file: build the release again',
  });
}

function noPackage(file: string): PipelineError {
  return new PipelineError('input', {
    place: file,
    message: 'apt-ftparchive cannot read it as a Debian package',
    hint: 'build the release again',
  });
}
