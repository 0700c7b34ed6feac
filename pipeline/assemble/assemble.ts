import type { BuildContext } from '../core/context.ts';
import { defineStage } from '../core/stage.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { asksFor } from '../manifest/names.ts';
import type { Discs } from '../model/release.ts';
import type { ValidatedTree } from '../model/validated-tree.ts';
import { driversDisc, symbolsDisc } from './disc-contents.ts';
import { passDisc } from './pass-disc.ts';
import { writeDisc } from './write-disc.ts';

/** A release whose tree passed the rules. */
export interface AssembleInput {
  readonly manifest: Manifest;
  readonly tree: ValidatedTree;
  /** The index.html of the disc. */
  readonly page: string;
}

/** Writes the disc of drivers, and that of their debug symbols if the release asks for it; a passthrough release's is copied. */
export const assemble = defineStage({
  name: 'assemble',
  run: async ({ manifest, tree, page }: AssembleInput, context: BuildContext): Promise<Discs> => {
    if (tree.upstream !== undefined) return { iso: await passDisc(manifest, tree, tree.upstream, context) };
    const iso = await writeDisc(await driversDisc(manifest, tree, page), manifest, context);
    if (!asksFor(manifest, 'symbols')) return { iso };
    return { iso, symbols: await writeDisc(symbolsDisc(manifest, tree), manifest, context) };
  },
});
