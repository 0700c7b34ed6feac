import { createHash } from 'node:crypto';
import { nameOf } from '../../core/paths.ts';
import { catalogFile, installedFiles } from '../inf/files.ts';
import type { Inf } from '../inf/inf.ts';
import { modelsFor } from '../inf/install.ts';
import { needsVersion1, osAttrOf } from '../windows/catalog-words.ts';
import type { Arch } from '../windows/targets.ts';
import type { FileDigests } from './file-digests.ts';
import { type CatalogList, type CatalogListMember, writeTrustList } from './write.ts';

/** A file of a driver package: its path from the INF's folder, and the digests by which a catalog knows it. */
export interface PackageFile {
  readonly path: string;
  readonly digests: FileDigests;
}

/** What a catalog is made from. */
export interface CatalogSource {
  readonly files: readonly PackageFile[];
  /** The Windows versions as `OS` names them, in its order. */
  readonly os: readonly string[];
  readonly hardwareIds: readonly string[];
  /** Seconds since 1970. */
  readonly epoch: number;
}

/** Returns what Inf2Cat would write into the catalog of a driver package, with an identifier from its content instead of a random one. */
export function makeCatalogList({ files, os, hardwareIds, epoch }: CatalogSource): CatalogList {
  const osAttr = osAttrOf(os);
  const version = needsVersion1(osAttr) ? 1 : 2;
  const numbered = hardwareIds.map((value, index) => ({ name: `HWID${index + 1}`, value }));
  const list: CatalogList = {
    version,
    listId: '',
    thisUpdate: new Date(0).toISOString(),
    members: distinct(files.flatMap((file) => membersOfFile(file, osAttr.join(), version))),
    attributes: [{ name: 'OS', value: os.join() }, ...numbered.reverse()],
  };
  const listId = createHash('sha256').update(writeTrustList(list)).digest('hex').slice(0, 32);
  return { ...list, listId, thisUpdate: new Date(epoch * 1000).toISOString() };
}

/** Returns the files that the catalog of an INF holds for some architectures: the INF, and all that it copies but its catalogs; paths from its folder. */
export function cataloguedFiles(inf: Inf, infName: string, archs: readonly Arch[]): string[] {
  const catalogs = archs.map((arch) => catalogFile(inf, arch)?.name.toLowerCase());
  const named = archs.flatMap((arch) => installedFiles(inf, arch).map(({ name }) => name));
  const byLowerName = new Map([infName, ...named].map((name) => [name.toLowerCase(), name]));
  return [...byLowerName].filter(([lower]) => !catalogs.includes(lower)).map(([, name]) => name);
}

/** Returns the hardware and compatible IDs of all models for some architectures, lower-case, each once, in the order of the INF. */
export function catalogHardwareIds(inf: Inf, archs: readonly Arch[]): string[] {
  const models = archs.flatMap((arch) => modelsFor(inf, arch)).sort((a, b) => a.line - b.line);
  const ids = models.flatMap(({ hardwareId, compatibleIds }) => [hardwareId ?? [], ...compatibleIds].flat());
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}

/** Version 2 has a member for each digest, of which SHA-256 alone has indirect data; version 1 knows SHA-1 alone. */
function membersOfFile({ path, digests }: PackageFile, osAttr: string, version: 1 | 2): CatalogListMember[] {
  const common = {
    kind: digests.kind,
    attributes: [
      { name: 'File', value: nameOf(path).toLowerCase() },
      { name: 'OSAttr', value: osAttr },
    ],
  };
  const sha1 = { ...common, algorithm: 'sha1', digest: digests.sha1 } as const;
  if (version === 1) return [{ ...sha1, hasIndirectData: true }];
  return [
    { ...common, algorithm: 'sha256', digest: digests.sha256, hasIndirectData: true },
    { ...sha1, hasIndirectData: false },
  ];
}

/** Files of equal bytes are a member each, as Inf2Cat makes them; equal names, as of two folders, are one. */
function distinct(members: readonly CatalogListMember[]): CatalogListMember[] {
  const keyed = members.map((member) => [`${member.digest} ${member.attributes[0]?.value}`, member] as const);
  return [...new Map(keyed).values()];
}
