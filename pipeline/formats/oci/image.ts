import * as z from 'zod';
import { sha256Of } from '../sums.ts';

/** Media types of the OCI image specification 1.1; the layer is not compressed. */
export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
} as const;

/** Files of an image layout (image-layout.md). */
export const layoutName = 'oci-layout';
export const indexName = 'index.json';
/** A page for people beside them, which belongs to no image and which no client reads. */
export const layoutPageName = 'index.html';
export const layoutText = JSON.stringify({ imageLayoutVersion: '1.0.0' });

/** Names an image in the index of a layout; a registry has it as a tag. */
export const refName = 'org.opencontainers.image.ref.name';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const annotations = z.record(z.string(), z.string()).optional();
const descriptor = z.object({
  mediaType: z.string(),
  digest,
  size: z.int().min(0),
  platform: z.object({ os: z.string(), architecture: z.string() }).optional(),
  annotations,
});

export type Descriptor = z.output<typeof descriptor>;

/** What is read of an image index, a manifest and a config; other keys are allowed. */
export const indexSchema = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.literal(mediaTypes.index).optional(),
  manifests: z.array(descriptor),
  annotations,
});
export const manifestSchema = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.literal(mediaTypes.manifest),
  config: descriptor,
  layers: z.array(descriptor),
  annotations,
});
export const configSchema = z.object({
  architecture: z.string(),
  os: z.string(),
  rootfs: z.object({ type: z.literal('layers'), diff_ids: z.array(digest) }),
});

/** Returns the path of a blob in an image layout. */
export function blobPath(of: string): string {
  return `blobs/${of.replace(':', '/')}`;
}

/** A document of an image, with the descriptor that names it elsewhere. */
export interface ImageDocument {
  readonly descriptor: Descriptor;
  readonly text: string;
}

/** Returns a document of an image. */
export function imageDocument(mediaType: string, content: object): ImageDocument {
  const text = JSON.stringify(content);
  return {
    text,
    descriptor: { mediaType, digest: `sha256:${sha256Of(text)}`, size: Buffer.byteLength(text) },
  };
}

/** Returns the tag of a version: `+` and `~`, which a tag must not have (distribution specification), become `_`. */
export function tagOf(version: string): string {
  return version.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 128);
}
