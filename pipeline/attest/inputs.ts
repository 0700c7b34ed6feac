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
  const named = [
    ...releaseFiles(manifest),
    ...manifestFiles(manifest, discs),
    ...packageInputs.metadata.map((file) => [`metadata/${basename(file)}`, file] as const),
  ];
  const unique = [...new Map(named)].sort(([a], [b]) => byCodeUnit(a, b));
  const files: Inputs['files'] = [];
  for (const [name, file] of unique) files.push({ name, sha256: (await hashFile(file)).sha256 });
  return { files, own: packageInputs.own };
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
  { iso, symbols }: Discs,
): [string, string][] {
  const ledger = join(dirname(targetsFile.file), 'ledger.yaml');
  const tables = [targetsFile.file, licensesFile.file, ...(upstream === undefined ? [] : [ledger])];
  const licenses = [...iso.files, ...(symbols?.files ?? [])]
    .filter(({ path, origin }) => origin === undefined && path.startsWith(`${licensesFolder}/`))
    .map(({ path }) => basename(path));
  return [
    ...tables.map((file): [string, string] => [`manifest/${basename(file)}`, file]),
    ...drivers.map(({ file: { file } }): [string, string] => [`manifest/drivers/${basename(file)}`, file]),
    ...licenses.map((name): [string, string] => [
      `manifest/licenses/${name}`,
      licenseFiles.get(name.slice(0, -'.txt'.length)) ?? name,
    ]),
  ];
}
