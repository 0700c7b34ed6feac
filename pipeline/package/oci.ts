import { join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { placeInFile } from '../core/place.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { packageName } from '../manifest/names.ts';
import { hashStream, writeHashed } from '../system/files.ts';
import { definePackager } from './define.ts';
import { readMetadata } from './metadata/metadata.ts';
import { usedMetadata } from './metadata/metadata-files.ts';
import { makeImage } from './oci/image.ts';
import { diskLayer } from './oci/layer.ts';
import { layoutEntries } from './oci/layout.ts';
import { tarStream } from './tar.ts';

export const oci = definePackager({
  format: 'oci',
  summary: 'An OCI image layout (tar) with the disc as a containerDisk of KubeVirt, for registries',
  tools: () => [],
  prepare: async (manifest) => {
    requireKvm(manifest);
    await readMetadata(manifest);
  },
  metadata: usedMetadata,
  pack: async ({ manifest, tree, discs, folder }, { epoch, signal, reporter }) => {
    const metadata = await readMetadata(manifest, tree);
    const name = `${packageName(manifest)}_${metadata.version}.oci.tar`;
    const make = () => diskLayer(discs.iso, signal);
    const layer = await hashStream(make());
    const { documents, index, layoutIndex } = makeImage({ manifest, metadata, layer, epoch });
    const content = { sha256: layer.sha256, make };
    const entries = layoutEntries(layoutIndex, documents, { size: layer.size, content });
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

/** KubeVirt has guests of KVM alone. */
function requireKvm({ release, releaseFile }: Manifest): void {
  if (release.family === 'virtio') return;
  throw new PipelineError('input', {
    place: placeInFile(releaseFile, ['family']),
    message: `is ${release.family}, and a containerDisk of KubeVirt is for guests of KVM`,
    hint: 'leave oci out of the formats',
  });
}
