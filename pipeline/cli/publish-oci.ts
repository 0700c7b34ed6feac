import { resolve } from 'node:path';
import { plural, printableLines } from '../core/text.ts';
import { kubevirtSnippet, podmanSnippet } from '../publish/image-snippets.ts';
import { type ImageStore, type PublishedImage, publishToOci, storeName } from '../publish/oci-registry.ts';
import { notChecked } from '../publish/release-signature.ts';
import { requireTools, skopeo, tools } from '../system/tools.ts';
import type { CommandIo } from './command.ts';
import { badOption, type PublishOptions } from './publish-options.ts';
import { jsonText } from './report/json-text.ts';
import { openScratchReporter } from './reporter.ts';

/** Pushes the images of releases to a registry, or into an image layout. */
export async function publishOci(
  options: PublishOptions & { readonly oci: string },
  io: CommandIo,
): Promise<void> {
  const { 'release-key': releaseKey, json } = options;
  const store = storeOf(options.oci);
  const releases = [...new Set(options.releases.map((folder) => resolve(folder)))];
  await requireTools([skopeo, tools.gpgv]);
  const reporter = openScratchReporter('publish', !json, io.process);
  const onWait = () => reporter.note(`waiting for another run that publishes to ${storeName(store)}`);
  const images = await publishToOci(
    { store, releases, ...(releaseKey !== undefined && { releaseKey: resolve(releaseKey) }) },
    { signal: io.signal, reporter, onWait },
  ).finally(reporter.close);
  io.process.stdout.write(
    json ? jsonText({ repository: storeName(store), images }) : printableLines(imagesText(store, images)),
  );
}

/** Repositories of the distribution specification, with a registry before them. */
const repository =
  /^(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)+$/;

function storeOf(oci: string): ImageStore {
  if (oci.startsWith('oci:')) {
    const folder = oci.slice('oci:'.length);
    if (folder !== '' && !folder.includes(':')) return { kind: 'layout', folder: resolve(folder) };
    throw badOption('--oci', oci, 'oci: and a folder whose path has no colon');
  }
  if (repository.test(oci)) return { kind: 'registry', repository: oci };
  throw badOption(
    '--oci',
    oci,
    'REGISTRY/REPOSITORY in lower case, without a scheme, tag or digest, such as registry.example.org/virt/virtio-win',
  );
}

/** Returns the report of a run: what is new, and how consumers name the newest image. */
function imagesText(store: ImageStore, images: readonly PublishedImage[]): string {
  const added = images.filter(({ isNew }) => isNew);
  const last = images.at(-1);
  const uses =
    last === undefined || store.kind === 'layout'
      ? []
      : ['', ...kubevirtSnippet(store.repository, last), '', ...podmanSnippet(store.repository, last)];
  const lines = [
    `${storeName(store)}: ${plural(images.length, 'image')}, ${added.length} new`,
    ...images.map(({ tag, digest, isNew }) => `  ${tag}  ${digest}${isNew ? '' : '  was there already'}`),
    ...images.flatMap(({ folder, signature }) =>
      signature === 'good' ? [] : [`${folder}: ${notChecked[signature]}`],
    ),
    ...uses,
  ];
  return `${lines.join('\n')}\n`;
}
