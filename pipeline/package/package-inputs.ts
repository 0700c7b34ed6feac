import { basename } from 'node:path';
import { checksumsText, sha256Of } from '../formats/sums.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { PackageInputs } from '../model/release.ts';
import { readOwnFiles } from './host/own-files.ts';
import { packagersOf } from './index.ts';

/** Returns the files of the packages other than the discs. */
export async function readPackageInputs(manifest: Manifest): Promise<PackageInputs> {
  return { metadata: await metadataFiles(manifest), own: await ownDigest() };
}

async function metadataFiles(manifest: Manifest): Promise<string[]> {
  const files = await Promise.all(packagersOf(manifest).map(({ metadata }) => metadata(manifest)));
  return [...new Set(files.flat())];
}

/** Files of pvdisc itself in every package: the host command, maintainer scripts and documents. */
async function ownDigest(): Promise<string> {
  const { host, docs, scripts } = await readOwnFiles();
  const parts = new Set(host.map(({ path }) => basename(path)));
  const files = [
    ...host.map(({ path, bytes }) => ({ name: `debian/host/${path}`, bytes })),
    ...docs.map(({ path, bytes }) => ({ name: `docs/${path}`, bytes })),
    ...[...scripts]
      .filter(([name]) => !parts.has(name))
      .map(([name, text]) => ({ name: `debian/scripts/${name}`, bytes: Buffer.from(text) })),
  ];
  return sha256Of(checksumsText(files.map(({ name, bytes }) => ({ name, sha256: sha256Of(bytes) }))));
}
