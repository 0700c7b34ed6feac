import { constants, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { discName } from '../manifest/names.ts';
import type { DriverFacts } from '../model/driver-facts.ts';
import type { UpstreamDisc } from '../model/driver-tree.ts';
import type { IsoImage } from '../model/release.ts';
import type { ValidatedTree } from '../model/validated-tree.ts';
import { hashFile, openFile } from '../system/files.ts';
import { descriptorPath } from '../system/remove.ts';
import { asReadme, driverSections } from './readme.ts';

/** Copies an upstream disc into the output folder, byte for byte, and compares the copy with the ledger's digest. */
export async function passDisc(
  manifest: Manifest,
  tree: ValidatedTree,
  { content: { file, sha256 }, label }: UpstreamDisc,
  { outputDir, signal }: BuildContext,
): Promise<IsoImage> {
  const name = `${discName(manifest)}.iso`;
  const output = join(outputDir, name);
  const source = await openFile(file);
  await copyFile(descriptorPath(source.fd), output, constants.COPYFILE_FICLONE).finally(() => source.close());
  const content = await hashFile(output, signal);
  if (content.sha256 !== sha256) {
    throw new PipelineError('input', {
      place: file,
      message: `was changed while it was copied: the copy has sha256 ${content.sha256}, the ledger ${sha256}`,
      hint: 'build again; if it stays so, check the disk',
    });
  }
  return {
    content,
    name,
    label,
    readme: upstreamReadme(manifest, { label, sha256 }, tree.drivers),
    files: tree.files.map(({ path, content: { sha256: digest, size }, origin }) => ({
      path,
      sha256: digest,
      size,
      ...(origin !== undefined && { origin }),
    })),
  };
}

/** Returns the README.txt that the package of an upstream disc installs, since nothing is added to the disc: what it is, and what is on it. */
function upstreamReadme(
  manifest: Manifest,
  { label, sha256 }: { readonly label: string; readonly sha256: string },
  drivers: readonly DriverFacts[],
): string {
  const { release, upstream } = manifest;
  const introduction = `${label}
${'='.repeat(label.length)}

${release.title}.

This is upstream's disc ${upstream?.release ?? release.version}, byte for byte. pvdisc fetched, inspected and packed it, and changed nothing.
sha256 ${sha256}
${upstream?.confidence === 'confirmed' ? 'Independent sources agree on this digest' : 'One source is known for this digest'}: ${upstream?.seen.join(', ')}.
`;
  const end = `Licences
--------
They are upstream's; the disc holds their texts. Nothing on it comes with a warranty.
`;
  return asReadme([introduction, ...driverSections(manifest, drivers, { hasScript: false }), end]);
}
