import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageArtifact } from '../model/release.ts';
import { binaryControl } from './deb/binary-control.ts';
import { compressions } from './deb/compression.ts';
import { writeDeb } from './deb/write-deb.ts';
import { definePackager } from './define.ts';
import { readOwnFiles } from './host/own-files.ts';
import { hostPlans } from './host/plan.ts';
import { debFormat } from './host/scripts.ts';
import { signatureText } from './host/signatures.ts';
import { readMetadata } from './metadata/metadata.ts';
import { usedMetadata } from './metadata/metadata-files.ts';
import { substitutionVariables } from './metadata/substvars.ts';

export const deb = definePackager({
  format: 'deb',
  summary: 'Debian packages that install the discs below /usr/share/virtio-win',
  tools: ({ compression }) => [compressions[compression].tool],
  prepare: async (manifest) => {
    const metadata = await readMetadata(manifest);
    await readOwnFiles();
    for (const { binary } of metadata.packages.values())
      binaryControl(metadata, binary, substitutionVariables(''), 0);
  },
  metadata: usedMetadata,
  pack: async (input, context) => {
    const { manifest, tree, folder, options } = input;
    const metadata = await readMetadata(manifest, tree);
    const plans = hostPlans({ ...input, metadata, own: await readOwnFiles(), format: debFormat });
    const variables = substitutionVariables(signatureText(manifest.targets, tree.drivers));
    const compression = compressions[options.compression];
    const scratch = await mkdtemp(join(folder, '.deb-'));
    try {
      const made: PackageArtifact[] = [];
      for (const plan of plans)
        made.push(await writeDeb(plan, { metadata, variables, compression, scratch }, context));
      return await Promise.all(made.map((artifact) => moveTo(folder, artifact)));
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
});

async function moveTo(folder: string, { format, name, content }: PackageArtifact): Promise<PackageArtifact> {
  const file = join(folder, name);
  await rename(content.file, file);
  return { format, name, content: { ...content, file } };
}
