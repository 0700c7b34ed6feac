import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuildContext } from '../core/context.ts';
import { byCodeUnit } from '../core/order.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type LayoutEntry, licensesFolder } from '../model/disc-layout.ts';
import type { IsoImage } from '../model/release.ts';
import { hashFile, writeNewFile } from '../system/files.ts';
import { streamStored } from '../system/stored-bytes.ts';
import type { DiscContents } from './disc-contents.ts';
import { requireSameContents } from './read-back.ts';
import { writeIso } from './xorriso.ts';

/** Writes a disc into the output folder from a path list, without copying files other than those within a disc, and reads it back. */
export async function writeDisc(
  disc: DiscContents,
  manifest: Pick<Manifest, 'licenseFiles'>,
  context: BuildContext,
): Promise<IsoImage> {
  const generated = await writeGenerated(disc, manifest, context);
  const entries = [...disc.files, ...generated].sort((a, b) => byCodeUnit(a.path, b.path));
  const whole = await wholeFiles(entries, join(context.workDir, 'from-discs', disc.name), context.signal);
  const name = `${disc.name}.iso`;
  const output = join(context.outputDir, name);
  const pathList = join(context.workDir, `${disc.name}.path-list`);
  await writeIso(whole, { label: disc.label, epoch: context.epoch, pathList, output }, context);
  await requireSameContents(output, entries, context);
  return {
    content: await hashFile(output, context.signal),
    name,
    label: disc.label,
    readme: disc.readme,
    files: entries.map(({ path, content, origin }) => ({
      path,
      sha256: content.sha256,
      size: content.size,
      ...(origin !== undefined && { origin }),
    })),
  };
}

/** xorriso accepts only whole files: writes each content within a disc to its own file, unless another entry has it in one. */
async function wholeFiles(
  entries: readonly LayoutEntry[],
  folder: string,
  signal: AbortSignal,
): Promise<LayoutEntry[]> {
  const plain = entries.filter(({ content }) => content.extents === undefined);
  const files = new Map(plain.map(({ content }) => [content.sha256, content.file]));
  const whole: LayoutEntry[] = [];
  for (const entry of entries) {
    const { sha256, size } = entry.content;
    const file = files.get(sha256) ?? join(folder, sha256);
    if (!files.has(sha256)) await writeNewFile(file, await streamStored(entry.content), signal);
    files.set(sha256, file);
    whole.push({ ...entry, content: { file, sha256, size } });
  }
  return whole;
}

async function writeGenerated(
  disc: DiscContents,
  { licenseFiles }: Pick<Manifest, 'licenseFiles'>,
  { workDir }: BuildContext,
): Promise<LayoutEntry[]> {
  const written = [...disc.texts].map(async ([path, text]): Promise<LayoutEntry> => {
    const file = join(workDir, 'generated', disc.name, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return { path, content: await hashFile(file) };
  });
  const licenses = disc.licenses.map(
    async (id): Promise<LayoutEntry> => ({
      path: `${licensesFolder}/${id}.txt`,
      content: await hashFile(licenseFiles.get(id) ?? id),
    }),
  );
  return Promise.all([...written, ...licenses]);
}
