import { basename, dirname, join, resolve } from 'node:path';
import { byCodeUnit } from '../core/order.ts';
import { pathProblem } from '../core/safe-path.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { licensesFolder } from '../model/disc-layout.ts';
import type { ReleaseRecord } from '../model/record.ts';
import type { Discs, PackageInputs } from '../model/release.ts';
import { sourceLists } from '../sources/open.ts';
import { hashFile } from '../system/files.ts';

type Inputs = NonNullable<ReleaseRecord['inputs']>;

/** Returns the digests of all inputs besides the sources, named `release/…`, `manifest/…` or `metadata/…` independent of their location. */
export async function recordedInputs(
  manifest: Manifest,
  discs: Discs,
  packageInputs: PackageInputs,
): Promise<Inputs> {
  const licenses = licensesOn(discs);
  const files: Inputs['files'] = [];
  for (const [name, file] of releaseInputs(manifest, licenses, packageInputs.metadata))
    files.push({ name, sha256: (await hashFile(file)).sha256 });
  return { files, own: packageInputs.own };
}

/** Returns the files that a release is made of besides its sources, with the texts of some licences and the metadata of its packages, by name. */
export function releaseInputs(
  manifest: Manifest,
  licenses: readonly string[],
  metadata: readonly string[],
): [name: string, file: string][] {
  const named = [
    ...releaseFiles(manifest),
    ...manifestFiles(manifest, licenses),
    ...metadata.map((file): [string, string] => [`metadata/${basename(file)}`, file]),
  ];
  return [...new Map(named)].sort(([a], [b]) => byCodeUnit(a, b));
}

/** Returns the ids of the licences on the discs. */
function licensesOn({ iso, symbols }: Discs): string[] {
  return [...iso.files, ...(symbols?.files ?? [])]
    .filter(({ path, origin }) => origin === undefined && path.startsWith(`${licensesFolder}/`))
    .map(({ path }) => basename(path, '.txt'));
}

/** Names the release and its lists as the release does; a list outside its folder gets its base name. */
function releaseFiles({ releaseFile, release }: Manifest): [string, string][] {
  const lists = Object.values(release.sources).flatMap(sourceLists);
  return [
    [`release/${basename(releaseFile.file)}`, releaseFile.file],
    ...[...lists, ...(release.sign === undefined ? [] : [release.sign.certificates])].map(
      (list): [string, string] => [
        `release/${pathProblem(list) === undefined ? list : basename(list)}`,
        resolve(dirname(releaseFile.file), list),
      ],
    ),
  ];
}

/** Includes all drivers, since the files of one depend on what the others claim, but only the licences on a disc. */
function manifestFiles(
  { targetsFile, licensesFile, licenseFiles, drivers, upstream }: Manifest,
  licenses: readonly string[],
): [string, string][] {
  const ledger = join(dirname(targetsFile.file), 'ledger.yaml');
  const tables = [targetsFile.file, licensesFile.file, ...(upstream === undefined ? [] : [ledger])];
  return [
    ...tables.map((file): [string, string] => [`manifest/${basename(file)}`, file]),
    ...drivers.map(({ file: { file } }): [string, string] => [`manifest/drivers/${basename(file)}`, file]),
    ...licenses.map((id): [string, string] => [
      `manifest/licenses/${id}.txt`,
      licenseFiles.get(id) ?? `${id}.txt`,
    ]),
  ];
}
