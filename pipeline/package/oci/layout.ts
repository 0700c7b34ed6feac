import { blobPath, type ImageDocument, indexName, layoutName, layoutText } from '../../formats/oci/image.ts';
import { type PackedEntry, type TarFile, textFile, withFolders } from '../contents.ts';

/** The bytes of a layer, from disk or made each time they are read. */
interface LayerBytes {
  readonly size: number;
  readonly content: Extract<TarFile['content'], { readonly sha256: string }>;
}

/** Returns the entries of an image layout in a tar: its index, the other documents of its image, and one layer. */
export function layoutEntries(
  index: ImageDocument,
  documents: readonly ImageDocument[],
  { size, content }: LayerBytes,
): PackedEntry[] {
  const path = blobPath(`sha256:${content.sha256}`);
  return withFolders([
    textFile(layoutName, layoutText),
    textFile(indexName, index.text),
    ...documents.map(({ descriptor, text }) => textFile(blobPath(descriptor.digest), text)),
    { kind: 'file', path, mode: 0o644, size, content },
  ]);
}
