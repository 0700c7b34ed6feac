import { readFile, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { copySums } from '../attest/read-sums.ts';
import type { RunContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { firstKeyMaterial } from '../formats/openpgp/openpgp.ts';
import { readKeyring } from '../sources/signature/keyring.ts';
import { makeFolder } from '../system/files.ts';
import { exportKey, type GpgContext, secretKey } from '../system/gpg.ts';
import { withLock } from '../system/lock.ts';
import { readPlainFile } from '../system/path-kind.ts';
import { makeTemporary, removeTemporary } from '../system/temporary.ts';
import { removeLeftovers } from './place.ts';
import { type PackageKind, type StagedPackage, stagePackages } from './release-packages.ts';
import {
  publicKeyHint,
  type ReleaseSignature,
  readReleaseKey,
  releaseSignature,
} from './release-signature.ts';

/** What to publish, where, and with which key. */
export interface RepositoryOptions {
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

/** Calls `onWait` when another run is working on the repository. */
export type PublishContext = GpgContext & Pick<RunContext, 'reporter'> & { readonly onWait: () => void };

/** The key of a run, its private folder, and whether an earlier run was killed before it finished. */
export interface PublishRun {
  readonly fingerprint: string;
  readonly staging: string;
  readonly wasKilled: boolean;
}

/** Publishes to a repository while no other run does; `tops` are its folders. A new root that stays empty is removed. */
export async function withRepository<Result>(
  { root, key }: RepositoryOptions,
  tops: readonly string[],
  context: PublishContext,
  work: (run: PublishRun, context: PublishContext) => Promise<Result>,
): Promise<Result> {
  const fingerprint = await secretKey(key, context);
  const made = await makeFolder(root);
  try {
    return await withLock(join(root, '.pvdisc-publish'), context, async (lost) => {
      const wasKilled = await removeLeftovers(root, tops);
      const staging = await makeTemporary(join(tmpdir(), 'pvdisc-publish-'));
      try {
        const signal = AbortSignal.any([context.signal, lost]);
        return await work({ fingerprint, staging, wasKilled }, { ...context, signal });
      } catch (error) {
        lost.throwIfAborted();
        throw error;
      } finally {
        await removeTemporary(staging);
      }
    });
  } catch (error) {
    if (made !== undefined) await removeEmpty(root, made);
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

/** The public keys of a run, and their files for hosts, in the staging folder. */
export interface PublishKeys {
  readonly name: string;
  readonly files: readonly string[];
  readonly own: Buffer;
  /** Who may have signed the index until now. */
  readonly keyring: Buffer;
  /** Who must have signed the releases. */
  readonly required: Buffer | undefined;
}

export async function openKeys(
  { origin, oldKey, releaseKey }: RepositoryOptions,
  { fingerprint, staging }: Pick<PublishRun, 'fingerprint' | 'staging'>,
  context: GpgContext,
): Promise<PublishKeys> {
  const name = origin.toLowerCase().replaceAll(' ', '-');
  await exportKey(join(staging, name), fingerprint, context);
  const own = await readFile(join(staging, `${name}.gpg`));
  const old =
    oldKey === undefined
      ? []
      : [await readKeyring(oldKey, { place: '--old-key', name: oldKey }, publicKeyHint)];
  return {
    name,
    files: [`${name}.gpg`, `${name}.asc`],
    own,
    keyring: Buffer.concat([own, ...old]),
    required: await readReleaseKey(releaseKey),
  };
}

/** Throws where hosts get another key for the suites of a folder: this run would put the key of `--key` in its place. */
export async function requireSharedKey(root: string, { name, keyring }: PublishKeys): Promise<void> {
  const place = join(root, `${name}.gpg`);
  const read = await readPlainFile(place, mostKeyBytes, 'refuse');
  const key = 'problem' in read ? undefined : firstKeyMaterial(read.bytes);
  if (key === undefined || keyring.includes(key)) return;
  throw new PipelineError('input', {
    place,
    message: 'is another public key than that of --key; hosts use it for all suites of the folder',
    hint: 'publish all suites of a folder with one key (after a change of key: --old-key FILE), or give another --origin, which names the file; remove the file if no suite is signed by its key',
  });
}

/** Far more than a key with many signatures needs. */
const mostKeyBytes = 2 ** 20;

/** A release and the verdict on its signature. */
export interface JudgedRelease {
  readonly folder: string;
  readonly signature: ReleaseSignature;
}

/** Copies the packages of all releases into the staging folder, and checks the signatures of the releases. */
export async function stageReleases(
  { releases }: RepositoryOptions,
  kind: PackageKind,
  { own, required }: PublishKeys,
  staging: string,
  { signal, reporter }: PublishContext,
): Promise<{ staged: StagedPackage[]; judged: JudgedRelease[] }> {
  const staged: StagedPackage[] = [];
  const judged: JudgedRelease[] = [];
  for (const folder of releases) {
    reporter.progress({ item: basename(folder) });
    const sums = await copySums(folder, staging);
    const signature = await releaseSignature(folder, sums, { required, own, workDir: staging }, signal);
    staged.push(...(await stagePackages(folder, sums, { ...kind, staging }, signal)));
    judged.push({ folder, signature });
  }
  return { staged, judged };
}

/** Returns the date of a new index in milliseconds since 1970. */
export function publishingDate({ epoch }: Pick<GpgContext, 'epoch'>): number {
  return epoch === undefined ? Date.now() : epoch * 1000;
}

/** apt treats an index that is older than its own as an attack, and keeps its own; `published` in milliseconds since 1970. */
export function requireLater(place: string, date: number, published: number): void {
  if (date >= published) return;
  throw new PipelineError('input', {
    place,
    message: `was published on ${new Date(published).toISOString()}, later than ${new Date(date).toISOString()}`,
    hint: 'hosts reject an older date: unset SOURCE_DATE_EPOCH, set a later one, or check the clock',
  });
}

/** Returns the error for a package that is published with other bytes. */
export function otherBytes(from: string, path: string, sha256: string, other: string): PipelineError {
  return new PipelineError('input', {
    place: from,
    message: `has sha256 ${sha256}, but ${path} is published with ${other}`,
    hint: 'a published version never changes, since hosts may have it: add a changelog entry with a higher version, and build again',
  });
}
