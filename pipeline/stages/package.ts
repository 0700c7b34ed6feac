import type { BuildContext } from '../context.ts';
import { defineStage, type PackagerOptions } from '../define.ts';
import { discReadme } from '../iso/readme.ts';
import type { Manifest } from '../manifest/read.ts';
import { packagers } from '../packagers/index.ts';
import type { IsoImage, PackageArtifact, ValidatedTree } from '../types.ts';

/** A written disc and how to pack it. */
export interface PackageInput {
  readonly manifest: Manifest;
  readonly tree: ValidatedTree;
  readonly iso: IsoImage;
  readonly options: PackagerOptions;
}

/** Makes every output format of the registry from the written disc. */
export const pack = defineStage({
  name: 'package',
  run: async (
    { manifest, tree, iso, options }: PackageInput,
    context: BuildContext,
  ): Promise<PackageArtifact[]> => {
    const readme = discReadme(manifest, tree.drivers);
    const artifacts: PackageArtifact[] = [];
    for (const packager of Object.values(packagers)) {
      const input = { manifest, iso, drivers: tree.drivers, readme, folder: context.outputDir, options };
      artifacts.push(await packager.pack(input, context));
    }
    return artifacts;
  },
});
