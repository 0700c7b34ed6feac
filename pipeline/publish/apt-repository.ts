import { mkdir, readFile, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { copySums } from '../attest/read-sums.ts';
import type { RunContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { parseControl } from '../formats/deb/control.ts';
import { readKeyring } from '../sources/signature/keyring.ts';
import { run } from '../system/exec.ts';
import { makeFolder } from '../system/files.ts';
import { exportKey, type GpgContext, secretKey, signRelease } from '../system/gpg.ts';
import { withLock } from '../system/lock.ts';
import { makeTemporary, removeTemporary } from '../system/temporary.ts';
import { tools } from '../system/tools.ts';
import { writeAptPages } from './apt-pages.ts';
import { writeIndexes } from './indexes.ts';
import { type IndexEntry, indexText, parseIndex } from './package-index.ts';
import { moveIntoPlace, removeLeftovers } from './place.ts';
import { damagedFiles, requireAllNamed } from './pool.ts';
import { type Published, readPublished } from './published.ts';
import { writeReleaseFile } from './release-file.ts';
import { debPackages, type StagedPackage, stagePackages } from './release-packages.ts';
import {
  publicKeyHint,
  type ReleaseSignature,
  readReleaseKey,
  releaseSignature,
} from './release-signature.ts';

/** What to publish, where, and with which key. */
export interface AptOptions {
  /** Root of the repository; made where it is missing. */
  readonly root: string;
  /** Folders of built releases. */
  readonly releases: readonly string[];
  readonly key: string;
  /** File with the public key that signed the suite before, if it was a different key. */
  readonly oldKey?: string;
  /** File with the public keys that must have signed each release. */
  readonly releaseKey?: string;
  readonly suite: string;
  readonly origin: string;
  readonly label: string;
  /** Where the repository is served, for its pages. */
  readonly url?: string;
  /** Days for which hosts accept the indexes; without limit when absent. */
  readonly validForDays?: number;
}

/** A published suite: the key's fingerprint and file names without ending, its packages, and the paths that are new. */
export interface PublishedSuite {
  readonly fingerprint: string;
  readonly keyName: string;
  readonly packages: readonly Omit<IndexEntry, 'text'>[];
  readonly added: readonly string[];
  /** Paths of published packages whose file was missing or damaged and has been restored. */
  readonly restored: readonly string[];
  readonly releases: readonly { readonly folder: string; readonly signature: ReleaseSignature }[];
}

/** Calls `onWait` when another run is working on the repository. */
export type PublishContext = GpgContext & Pick<RunContext, 'reporter'> & { readonly onWait: () => void };

/** Adds the packages of built releases to a suite of a signed repository; hosts see all of it at once, or nothing. */
export async function publishToApt(options: AptOptions, context: PublishContext): Promise<PublishedSuite> {
  const fingerprint = await secretKey(options.key, context);
  const made = await makeFolder(options.root);
  try {
    return await publishLocked(options, fingerprint, context);
  } catch (error) {
    if (made !== undefined) await removeEmpty(options.root, made);
    throw error;
  }
}

/** Removes a folder and its parents, up to `last`, while they are empty. */
async function removeEmpty(folder: string, last: string): Promise<void> {
  const isRemoved = await rmdir(folder).then(
    () => true,
    () => false,
  );
  if (isRemoved && folder !== last) await removeEmpty(dirname(folder), last);
}

function publishLocked(
  options: AptOptions,
  fingerprint: string,
  context: PublishContext,
): Promise<PublishedSuite> {
  return withLock(join(options.root, '.pvdisc-publish'), context, async (lost) => {
    const wasKilled = await removeLeftovers(options.root);
    const staging = await makeTemporary(join(tmpdir(), 'pvdisc-publish-'));
    try {
      const signal = AbortSignal.any([context.signal, lost]);
      return await publish(options, { fingerprint, staging, wasKilled }, { ...context, signal });
    } catch (error) {
      lost.throwIfAborted();
      throw error;
    } finally {
      await removeTemporary(staging);
    }
  });
}

/** The key of a run, its private folder, and whether an earlier run was killed before it finished. */
interface Run {
  readonly fingerprint: string;
  readonly staging: string;
  readonly wasKilled: boolean;
}

/** Makes and signs everything in `staging`, a folder that is not served: other users who can write to the repository must not choose what is signed. */
async function publish(
  options: AptOptions,
  { fingerprint, staging, wasKilled }: Run,
  context: GpgContext & Pick<RunContext, 'reporter'>,
): Promise<PublishedSuite> {
  const { root, suite, origin, label, releases, validForDays, oldKey, releaseKey } = options;
  const { signal, epoch, reporter } = context;
  const keyName = origin.toLowerCase().replaceAll(' ', '-');
  await exportKey(join(staging, keyName), fingerprint, context);
  const own = await readFile(join(staging, `${keyName}.gpg`));
  const old =
    oldKey === undefined
      ? []
      : [await readKeyring(oldKey, { place: '--old-key', name: oldKey }, publicKeyHint)];
  const keyring = Buffer.concat([own, ...old]);
  const published = await readPublished({ ...options, keyring, workDir: staging }, signal);
  const date = epoch === undefined ? Date.now() : epoch * 1000;
  requireLater(join(root, 'dists', suite), date, published);
  const staged: StagedPackage[] = [];
  const required = await readReleaseKey(releaseKey);
  const judged: PublishedSuite['releases'][number][] = [];
  for (const folder of releases) {
    reporter.progress({ item: basename(folder) });
    const sums = await copySums(folder, staging);
    const signature = await releaseSignature(folder, sums, { required, own, workDir: staging }, signal);
    staged.push(...(await stagePackages(folder, sums, { ...debPackages(suite), staging }, signal)));
    judged.push({ folder, signature });
  }
  const added = await newEntries(staged, published, staging, signal);
  await requireAllNamed({ root, suite, wasKilled }, published, staged, reporter);
  const restored = await damagedFiles(root, staged, published, signal);

  const text = indexText(published.entries, added);
  const folder = join(staging, 'dists', suite);
  await mkdir(folder, { recursive: true });
  const indexes = await writeIndexes(folder, text, signal);
  const validUntil = validForDays === undefined ? {} : { validUntil: date + validForDays * 86_400_000 };
  await writeReleaseFile(folder, { suite, origin, label, date, ...validUntil }, signal);
  await signRelease(folder, fingerprint, context);
  signal.throwIfAborted();

  const entries = parseIndex(text, 'Packages');
  const pages = await writeAptPages({ ...options, fingerprint, keyName, entries }, staging, context);
  const keys = [`${keyName}.gpg`, `${keyName}.asc`];
  const paths = added.map(({ filename }) => filename);
  await moveIntoPlace(
    { staging, root, suite, paths: [...paths, ...restored, ...keys, ...pages], indexes, published },
    { signal, note: reporter.note },
  );
  return {
    fingerprint,
    keyName,
    packages: entries.map(({ text: _, ...entry }) => entry),
    added: paths,
    restored,
    releases: judged,
  };
}

/** apt treats an index that is older than its own as an attack, and keeps its own. */
function requireLater(place: string, date: number, published: Published): void {
  if (date >= published.date) return;
  throw new PipelineError('input', {
    place,
    message: `was published on ${new Date(published.date).toISOString()}, later than ${new Date(date).toISOString()}`,
    hint: 'hosts reject an older date: unset SOURCE_DATE_EPOCH, set a later one, or check the clock',
  });
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

function otherBytes(from: string, path: string, sha256: string, other: string): PipelineError {
  return new PipelineError('input', {
    place: from,
    message: `has sha256 ${sha256}, but ${path} is published with ${other}`,
    hint: 'a published version never changes, since hosts may have it: add a changelog entry with a higher version, and build again',
  });
}

function noPackage(file: string): PipelineError {
  return new PipelineError('input', {
    place: file,
    message: 'apt-ftparchive cannot read it as a Debian package',
    hint: 'build the release again',
  });
}
