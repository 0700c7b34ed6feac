import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PipelineError, type Problem } from '../../core/errors.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { describesPackages, packageNames } from '../../manifest/names.ts';
import { gitTags } from '../../manifest/package-schema.ts';
import { exists } from '../../system/files.ts';

/** A metadata file and its purpose, for the error if it is missing. */
export type WantedFile = readonly [file: string, purpose: string];

/** Returns the paths of the Debian metadata of a release's packages, named as debhelper names them. */
export function metadataFiles({ metadataDir, release }: Manifest) {
  return {
    control: join(metadataDir, 'control'),
    sourceChangelog: join(metadataDir, 'changelog'),
    /** Changelog of the release, if it is not versioned with the source. */
    ownChangelog: join(metadataDir, `${release.package.name}.changelog`),
    copyright: join(metadataDir, 'copyright'),
    overrides: (packageName: string) => join(metadataDir, `${packageName}.lintian-overrides`),
  };
}

/** Returns the path of the Debian changelog that a release with metadata of its own names instead of listing its versions. */
export function changelogFile({ release, releaseFile }: Manifest): string | undefined {
  const { changelog } = release.package;
  if (typeof changelog !== 'string' || changelog === gitTags) return undefined;
  return resolve(dirname(releaseFile.file), changelog);
}

/** Returns the paths of the existing metadata files of a release. */
export async function usedMetadata(manifest: Manifest): Promise<string[]> {
  const { control, sourceChangelog, ownChangelog, copyright, overrides } = metadataFiles(manifest);
  const known = describesPackages(manifest)
    ? [changelogFile(manifest) ?? []].flat()
    : [control, sourceChangelog, ownChangelog, copyright, ...packageNames(manifest).map(overrides)];
  const found = await Promise.all(known.map(exists));
  return known.filter((_, index) => found[index]);
}

/** Reads all files; lists all missing files in one error. */
export async function readAll<const Wanted extends readonly WantedFile[]>(
  wanted: Wanted,
): Promise<{ [Index in keyof Wanted]: string }> {
  const texts = await Promise.all(wanted.map(([file]) => readText(file)));
  const missing: Problem[] = wanted
    .filter((_, index) => texts[index] === undefined)
    .map(([place, hint]) => ({ place, message: 'no such file', hint }));
  if (missing.length > 0) throw new PipelineError('input', missing);
  return texts as { [Index in keyof Wanted]: string };
}

/** Returns undefined if the file does not exist. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    const { size } = await stat(file);
    if (size > maxBytes) throw new Error(`has ${size} bytes, more than the limit of ${maxBytes}`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new PipelineError('input', { place: file, message: `cannot be read: ${(error as Error).message}` });
  }
}

const maxBytes = 4 * 1024 * 1024;
