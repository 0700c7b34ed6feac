import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuildContext } from '../context.ts';
import { defineStage } from '../define.ts';
import { byCodeUnit, hashFile } from '../host/files.ts';
import { infoJson } from '../iso/info-json.ts';
import {
  discLayout,
  infoPath,
  type LayoutEntry,
  licensesFolder,
  readmePath,
  shippedLicenses,
} from '../iso/layout.ts';
import { requireSameContents } from '../iso/read-back.ts';
import { discReadme } from '../iso/readme.ts';
import { writeIso } from '../iso/xorriso.ts';
import type { Manifest } from '../manifest/read.ts';
import type { IsoImage, ValidatedTree } from '../types.ts';

/** A release whose tree passed the rules. */
export interface AssembleInput {
  readonly manifest: Manifest;
  readonly tree: ValidatedTree;
}

/** Writes the ISO from a path list, without copying the tree, and reads it back. */
export const assemble = defineStage({
  name: 'assemble',
  run: async ({ manifest, tree }: AssembleInput, context: BuildContext): Promise<IsoImage> => {
    const generated = await writeGenerated(manifest, tree, context);
    const entries = [...discLayout(manifest, tree), ...generated].sort((a, b) => byCodeUnit(a.path, b.path));
    const name = `${manifest.release.name}-${manifest.release.version}.iso`;
    const output = join(context.outputDir, name);
    const pathList = join(context.workDir, 'path-list');
    await writeIso(entries, { label: manifest.label, epoch: context.epoch, pathList, output }, context);
    await requireSameContents(output, entries, context);
    return {
      content: await hashFile(output, context.signal),
      name,
      label: manifest.label,
      files: entries.map(({ path, content, origin }) => ({
        path,
        sha256: content.sha256,
        size: content.size,
        ...(origin !== undefined && { origin }),
      })),
    };
  },
});

async function writeGenerated(
  manifest: Manifest,
  tree: ValidatedTree,
  context: BuildContext,
): Promise<LayoutEntry[]> {
  const texts: [string, string][] = [
    [infoPath, infoJson(manifest, tree.drivers)],
    [readmePath, discReadme(manifest, tree.drivers)],
  ];
  const written = texts.map(async ([path, text]): Promise<LayoutEntry> => {
    const file = join(context.workDir, 'generated', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return { path, content: await hashFile(file) };
  });
  const licenses = shippedLicenses(manifest, tree).map(
    async (id): Promise<LayoutEntry> => ({
      path: `${licensesFolder}/${id}.txt`,
      content: await hashFile(join(manifest.licensesDir, `${id}.txt`)),
    }),
  );
  return Promise.all([...written, ...licenses]);
}
