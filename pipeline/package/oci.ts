import { join } from 'node:path';
import { blobPath, indexName, layoutName, layoutText } from '../formats/oci/image.ts';
import { packageName } from '../manifest/names.ts';
import { hashStream, writeHashed } from '../system/files.ts';
import { textFile, withFolders } from './contents.ts';
import { definePackager } from './define.ts';
import { readMetadata } from './metadata/metadata.ts';
import { usedMetadata } from './metadata/metadata-files.ts';
import { makeImage } from './oci/image.ts';
import { diskLayer } from './oci/layer.ts';
import { tarStream } from './tar.ts';

export const oci = definePackager({
  format: 'oci',
  summary: 'An OCI image layout (tar) with the disc as a containerDisk of KubeVirt, for registries',
  tools: () => [],
  prepare: async (manifest) => {
    await readMetadata(manifest);
  },
  metadata: usedMetadata,
  pack: async ({ manifest, tree, discs, folder }, { epoch, signal, reporter }) => {
    const metadata = await readMetadata(manifest, tree);
    const name = `${packageName(manifest)}_${metadata.version}.oci.tar`;
    const make = () => diskLayer(discs.iso, signal);
    const layer = await hashStream(make());
    const { documents, index, layoutIndex } = makeImage({ manifest, metadata, layer, epoch });
    const blobs = documents.map(({ descriptor, text }) => textFile(blobPath(descriptor.digest), text));
    const entries = withFolders([
      textFile(layoutName, layoutText),
      textFile(indexName, layoutIndex.text),
      ...blobs,
      {
        kind: 'file',
        path: blobPath(`sha256:${layer.sha256}`),
        mode: 0o644,
        size: layer.size,
        content: { sha256: layer.sha256, make },
      },
    ]);
    let bytes = 0;
    const onBytes = (count: number) => {
      bytes += count;
      reporter.progress({ bytes, totalBytes: layer.size, item: name });
    };
    const file = join(folder, name);
    const written = await writeHashed(file, tarStream(entries, { epoch, signal, onBytes }).bytes, signal);
    return [{ format: 'oci', name, content: { file, ...written }, digest: index.digest }];
  },
});
