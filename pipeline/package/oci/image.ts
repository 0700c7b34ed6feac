import {
  type Descriptor,
  type ImageDocument,
  imageDocument,
  mediaTypes,
  refName,
  tagOf,
} from '../../formats/oci/image.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { DebMetadata } from '../metadata/metadata.ts';

/** Architectures of hosts that run Windows guests; each has a manifest of its own with the same layer. */
const hostArchitectures = ['amd64', 'arm64'] as const;

/** An image: its blobs other than the layer, its index first, and the index of its layout. */
export interface Image {
  readonly documents: readonly ImageDocument[];
  readonly index: Descriptor;
  readonly layoutIndex: ImageDocument;
}

/** What the documents of an image depend on; `epoch` is the date of the release. */
export interface ImageInput {
  readonly manifest: Pick<Manifest, 'release'>;
  readonly metadata: Pick<DebMetadata, 'source' | 'version'>;
  readonly layer: { readonly sha256: string; readonly size: number };
  readonly epoch: number;
}

/** Makes the documents of an image with one layer; equal inputs give equal bytes. */
export function makeImage(input: ImageInput): Image {
  const created = new Date(input.epoch * 1000).toISOString().replace('.000', '');
  const annotations = annotationsOf(input, created);
  const layer = {
    mediaType: mediaTypes.layer,
    digest: `sha256:${input.layer.sha256}`,
    size: input.layer.size,
  };
  const parts = hostArchitectures.map((architecture) => {
    const platform = { architecture, os: 'linux' };
    const config = imageDocument(mediaTypes.config, {
      created,
      ...platform,
      config: { Labels: annotations },
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
      history: [{ created, created_by: 'pvdisc' }],
    });
    const manifest = imageDocument(mediaTypes.manifest, {
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: config.descriptor,
      layers: [layer],
      annotations,
    });
    return { config, manifest, listed: { ...manifest.descriptor, platform } };
  });
  const index = imageDocument(mediaTypes.index, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: parts.map(({ listed }) => listed),
    annotations,
  });
  const layoutIndex = imageDocument(mediaTypes.index, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [{ ...index.descriptor, annotations: { [refName]: tagOf(input.metadata.version) } }],
  });
  const documents = [index, ...parts.flatMap(({ config, manifest }) => [manifest, config])];
  return { documents, index: index.descriptor, layoutIndex };
}

/** The keys that the specification defines (annotations.md), as far as the release has them; also the labels. */
function annotationsOf(
  { manifest: { release }, metadata }: Pick<ImageInput, 'manifest' | 'metadata'>,
  created: string,
): Record<string, string> {
  const { fields } = metadata.source;
  const known = {
    title: release.name,
    version: metadata.version,
    description: release.title,
    created,
    authors: fields.get('maintainer')?.value,
    url: fields.get('homepage')?.value,
    licenses: release.package.license,
  };
  return Object.fromEntries(
    Object.entries(known).flatMap(([key, value]) =>
      value === undefined ? [] : [[`org.opencontainers.image.${key}`, value]],
    ),
  );
}
