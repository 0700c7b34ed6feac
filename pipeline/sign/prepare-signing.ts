import { dirname, resolve } from 'node:path';
import type { ReleaseContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { FormatError } from '../formats/format-error.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { releasePlace } from '../manifest/read.ts';
import type { Release } from '../manifest/release-schema.ts';
import type { DiscFile, DriverPackage, DriverTree } from '../model/driver-tree.ts';
import { readStored } from '../system/stored-bytes.ts';
import { certificateName, readSigningCertificates, type SigningCertificates } from './certificates.ts';
import { type MadeCatalogs, makeReleaseCatalogs } from './make-release-catalogs.ts';
import {
  isSignedByMicrosoft,
  mayBeSigned,
  type PlanHow,
  planSigning,
  type SigningPlan,
} from './plan-signing.ts';

/** A collected tree that is ready for its signatures. */
export interface PreparedSigning {
  /** The tree with its catalogs, those that were made still unsigned. */
  readonly tree: DriverTree;
  readonly how: PlanHow;
  readonly servers: readonly string[];
  readonly made: MadeCatalogs;
  /** The catalogs and binaries of the drivers, each kind as the release asks for. */
  readonly files: readonly DiscFile[];
  /** One path for each distinct content of them; absent for what is of a package that Microsoft signed. */
  readonly paths: ReadonlyMap<DiscFile, string>;
  readonly plan: SigningPlan;
}

/** Reads the certificates, makes the catalogs, and finds what a key has to sign. */
export async function prepareSigning(
  manifest: Manifest,
  collected: DriverTree,
  asked: NonNullable<Release['sign']>,
  context: ReleaseContext,
): Promise<PreparedSigning> {
  const { certificates, embed, replace, name, url, timestamps: servers } = asked;
  const how: PlanHow = {
    certificates: await readSigningCertificates(
      resolve(dirname(manifest.releaseFile.file), certificates),
      releasePlace(manifest, 'sign', 'certificates'),
    ),
    opus: { ...(name !== undefined && { name }), ...(url !== undefined && { url }) },
    embed,
    replace,
    replaceHint: `"replace: true" at ${releasePlace(manifest, 'sign')} puts yours in its place`,
  };
  if (asked.enrol) requireRoot(manifest, how.certificates);
  const microsofts = await packagesOfMicrosoft(collected);
  const others = collected.packages.filter((driverPackage) => !microsofts.has(driverPackage));
  const { tree, made } = await makeReleaseCatalogs(manifest, collected, others, { ...how, asked }, context);
  const kept = new Set([...microsofts].flatMap(({ files }) => files));
  const files = tree.files.filter((file) => isOfDriver(file) && mayBeSigned(file.path, embed));
  const { paths, contents } = distinctContents(files.filter(({ path }) => !kept.has(path)));
  const toPlan = contents.map(({ path, content }) => ({ path, stored: content }));
  return { tree, how, servers, made, files, paths, plan: await planSigning(toPlan, how, servers, context) };
}

/** A guest that lacks the root trusts nothing below it. */
function requireRoot(manifest: Manifest, { leaf, issuers }: SigningCertificates): void {
  const last = issuers.at(-1) ?? leaf;
  if (last.facts.selfSigned) return;
  throw new PipelineError('input', {
    place: releasePlace(manifest, 'sign', 'certificates'),
    message: `ends with "${certificateName(last)}", which is not a root, so that no guest could trust it`,
    hint: 'add the certificates of its issuers up to the root, or leave out "enrol"',
  });
}

/** Returns the packages whose catalog Microsoft signed: no file of theirs is touched. */
async function packagesOfMicrosoft({ files, packages }: DriverTree): Promise<Set<DriverPackage>> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const known = new Map<string, Promise<boolean>>();
  const found = new Set<DriverPackage>();
  for (const driverPackage of packages) {
    const catalog = byPath.get(driverPackage.catalogPath ?? '');
    if (catalog === undefined) continue;
    const { sha256 } = catalog.content;
    const isOne = known.get(sha256) ?? isMicrosofts(catalog);
    known.set(sha256, isOne);
    if (await isOne) found.add(driverPackage);
  }
  return found;
}

async function isMicrosofts({ content }: DiscFile): Promise<boolean> {
  try {
    return isSignedByMicrosoft(await readStored(content));
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

function isOfDriver({ path, role }: DiscFile): boolean {
  return role === 'catalog' || ((role === 'payload' || role === 'extra') && !/\.cat$/i.test(path));
}

function distinctContents(files: readonly DiscFile[]) {
  const byDigest = new Map<string, DiscFile>();
  const paths = new Map<DiscFile, string>();
  for (const file of files) {
    const first = byDigest.get(file.content.sha256) ?? file;
    byDigest.set(file.content.sha256, first);
    paths.set(file, first.path);
  }
  return { paths, contents: [...byDigest.values()] };
}
