import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '../errors.ts';
import { exists, hashFile } from '../host/files.ts';
import { type GpgContext, openSigned } from './gpg.ts';
import { type IndexEntry, parseIndex } from './package-index.ts';

/** What hosts see of a suite now: its packages, its date in milliseconds since 1970, and the digests of its indexes. */
export interface Published {
  readonly entries: readonly IndexEntry[];
  readonly date: number;
  readonly digests: readonly string[];
}

/** Reads a suite as it was last published, by its signature and the digests under it; empty where there is none yet. */
export async function readPublished(
  root: string,
  suite: string,
  staging: string,
  context: GpgContext,
): Promise<Published> {
  const folder = join(root, 'dists', suite);
  const inRelease = join(folder, 'InRelease');
  if (!(await exists(inRelease))) return { entries: [], date: 0, digests: [] };
  const signed = join(staging, 'published');
  await openSigned(inRelease, signed, context);
  const release = await readFile(signed, 'utf8');
  const digests = new Map(
    [...release.matchAll(/^ ([0-9a-f]{64}) +\d+ (\S+)$/gm)].map(([, sha256 = '', path = '']) => [
      path,
      sha256,
    ]),
  );
  const sha256 = digests.get(`${indexFolder}/Packages`) ?? '';
  const file = join(folder, indexFolder, 'by-hash/SHA256', sha256);
  if (sha256 === '' || !(await exists(file)) || (await hashFile(file)).sha256 !== sha256) {
    throw new PipelineError('input', {
      place: file,
      message: `is not the index that ${inRelease} signs`,
      hint: 'get the repository back from a copy, or publish all its releases into a new folder',
    });
  }
  return {
    entries: parseIndex(await readFile(file, 'utf8')),
    date: Date.parse(/^Date: (.*)$/m.exec(release)?.[1] ?? '') || 0,
    digests: [...new Set(digests.values())],
  };
}

/** The index that is read again: packages of releases are for every architecture. */
const indexFolder = 'main/binary-all';
