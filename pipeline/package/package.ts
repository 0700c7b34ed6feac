import type { BuildContext } from '../core/context.ts';
import { defineStage } from '../core/stage.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Discs, PackageArtifact, PackagerOptions } from '../model/release.ts';
import type { ValidatedTree } from '../model/validated-tree.ts';
import { packagersOf } from './index.ts';

export interface PackageInput {
  readonly manifest: Manifest;
  readonly tree: ValidatedTree;
  readonly discs: Discs;
  readonly options: PackagerOptions;
}

/** Creates the output formats that the release asks for from the written discs. */
export const pack = defineStage({
  name: 'package',
  run: async (input: PackageInput, context: BuildContext): Promise<PackageArtifact[]> => {
    const artifacts: PackageArtifact[] = [];
    for (const packager of packagersOf(input.manifest)) {
      artifacts.push(...(await packager.pack({ ...input, folder: context.outputDir }, context)));
    }
    return artifacts;
  },
});
