import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { copySums } from '../attest/read-sums.ts';
import type { RunContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { defaultLimits } from '../core/limits.ts';
import { parseJson } from '../core/parse-json.ts';
import { indexName, indexSchema, refName } from '../formats/oci/image.ts';
import { readLayout } from '../package/oci/read-layout.ts';
import { withLock } from '../system/lock.ts';
import { copyImage, imageDigest } from '../system/skopeo.ts';
import { makeTemporary, removeTemporary } from '../system/temporary.ts';
import { writeLayoutPage } from './layout-page.ts';
import { type StagedPackage, stagePackages } from './release-packages.ts';
import { type ReleaseSignature, readReleaseKey, releaseSignature } from './release-signature.ts';

/** Where images go: a repository of a registry, or a folder with an image layout of several releases. */
export type ImageStore =
  | { readonly kind: 'registry'; readonly repository: string }
  | { readonly kind: 'layout'; readonly folder: string };

/** What to publish and where. */
export interface OciOptions {
  readonly store: ImageStore;
  /** Folders of built releases. */
  readonly releases: readonly string[];
  /** File with the public keys that must have signed each release. */
  readonly releaseKey?: string;
}

/** An image in a store: its tag, the digest of its index and whether this run brought it there. */
export interface PublishedImage {
  readonly folder: string;
  readonly tag: string;
  readonly digest: string;
  /** The path of the disc in the image. */
  readonly disc: string;
  readonly isNew: boolean;
  readonly signature: ReleaseSignature;
}

type OciContext = Pick<RunContext, 'signal' | 'reporter'> & { readonly onWait: () => void };

/** Pushes the images of built releases, each under the tag of its version; a tag that is there is never moved. */
export async function publishToOci(options: OciOptions, context: OciContext): Promise<PublishedImage[]> {
  const { store } = options;
  if (store.kind === 'registry') return publishAll(options, context);
  return withLock(`${store.folder}.pvdisc-publish`, context, async (lost) => {
    const inTime = { ...context, signal: AbortSignal.any([context.signal, lost]) };
    const images = await publishAll(options, inTime);
    await writeLayoutPage(store.folder, inTime);
    return images;
  });
}

async function publishAll(
  { store, releases, releaseKey }: OciOptions,
  { signal, reporter }: OciContext,
): Promise<PublishedImage[]> {
  const workDir = await makeTemporary(join(tmpdir(), 'pvdisc-publish-'));
  try {
    const required = await readReleaseKey(releaseKey);
    const checked: (Image & Pick<PublishedImage, 'folder' | 'signature'>)[] = [];
    for (const folder of releases) {
      reporter.progress({ item: basename(folder) });
      const sums = await copySums(folder, workDir);
      const keys = { required, own: Buffer.alloc(0), workDir };
      const signature = await releaseSignature(folder, sums, keys, signal);
      const wanted = { ending: '.oci.tar', pathOf: (_: string, name: string) => name, staging: workDir };
      const staged = await stagePackages(folder, sums, wanted, signal);
      for (const artifact of staged)
        checked.push({ folder, signature, ...(await readImage(artifact, workDir, { signal, reporter })) });
    }
    requireOneEach(checked);
    // All tags are looked at before the first image is pushed.
    const there = [];
    for (const image of checked) there.push(await imageDigest(reference(store, image.tag), signal));
    for (const [index, image] of checked.entries()) requireSame(store, image, there[index]);
    const published: PublishedImage[] = [];
    for (const [index, { folder, signature, tag, digest, disc, file }] of checked.entries()) {
      const isNew = there[index] === undefined;
      if (isNew) {
        reporter.progress({ item: `${storeName(store)}:${tag}` });
        await push(store, { file, tag, digest }, signal);
      }
      published.push({ folder, tag, digest, disc, isNew, signature });
    }
    return published;
  } finally {
    await removeTemporary(workDir);
  }
}

/** The image of a release in a private copy of its file. */
interface Image {
  /** The file in the release's folder. */
  readonly from: string;
  readonly file: string;
  readonly tag: string;
  readonly digest: string;
  readonly disc: string;
}

/** Reads the only image of a layout: its tag and digest. */
async function readImage(
  { path, from }: StagedPackage,
  workDir: string,
  context: Pick<RunContext, 'signal' | 'reporter'>,
): Promise<Image> {
  const file = join(workDir, path);
  const subject = { place: 'publish', name: from };
  const files = await readLayout(file, { subject, limits: defaultLimits }, context);
  const index = indexSchema.safeParse(parseJson(files.get(indexName)?.text ?? ''));
  const [image, ...others] = index.success ? index.data.manifests : [];
  const tag = image?.annotations?.[refName];
  const disc = [...files.values()].flatMap(({ layer = [] }) => layer).find(({ kind }) => kind === 'file');
  if (image === undefined || tag === undefined || disc === undefined || others.length > 0)
    throw refused(from, 'is not an image layout with one image that has a name', 'build the release again');
  return { from, file, tag, digest: image.digest, disc: disc.path };
}

function requireOneEach(images: readonly Image[]): void {
  const byTag = new Map<string, Image>();
  for (const image of images) {
    const other = byTag.get(image.tag);
    byTag.set(image.tag, image);
    if (other !== undefined && other.digest !== image.digest)
      throw refused(
        image.from,
        `has the tag ${image.tag}, as another image, ${other.from}`,
        'give each release, and each profile of one, a repository of its own',
      );
  }
}

function requireSame(store: ImageStore, { from, tag, digest }: Image, there: string | undefined): void {
  if (there === undefined || there === digest) return;
  throw refused(
    from,
    `is ${digest}, but ${storeName(store)}:${tag} is ${there}`,
    'a published version never changes, since hosts may have it: add a changelog entry with a higher version, and build again; each release, and each profile of one, needs a repository of its own',
  );
}

async function push(
  store: ImageStore,
  { file, tag, digest }: Pick<Image, 'file' | 'tag' | 'digest'>,
  signal: AbortSignal,
): Promise<void> {
  await copyImage(`oci-archive:${file}`, reference(store, tag), signal);
  const found = await imageDigest(reference(store, tag), signal);
  if (found === digest) return;
  throw refused(
    `${storeName(store)}:${tag}`,
    `is ${found ?? 'missing'} after the push of ${digest}`,
    'another run may push to this repository: publish again',
  );
}

function reference(store: ImageStore, tag: string): string {
  return store.kind === 'registry' ? `docker://${store.repository}:${tag}` : `oci:${store.folder}:${tag}`;
}

export function storeName(store: ImageStore): string {
  return store.kind === 'registry' ? store.repository : store.folder;
}

function refused(place: string, message: string, hint: string): PipelineError {
  return new PipelineError('input', { place, message, hint });
}
