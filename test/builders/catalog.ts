import { type FileDigests, fileDigests } from '../../pipeline/formats/catalog/file-digests.ts';
import { hexTag, type MemberOptions, makeCatalog, makeList } from '../formats/catalog-file.ts';
import { makeCertificate, type TestCertificate } from '../formats/signing.ts';
import { countersigner, testAuthorities, testClock } from './authority.ts';
import { type Tree, windowsOfFolder } from './tree.ts';

/** A member of a catalog; `file` is its name there. */
export interface CataloguedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Contents of a catalog. */
export interface DriverCatalogOptions {
  readonly files: readonly CataloguedFile[];
  /** Windows versions of all members, such as `2:6.1,2:10.0`. */
  readonly osAttr: string;
  /** Default 2; version 1 has only SHA-1 digests. */
  readonly version?: 1 | 2;
  /** Value of `OS`. */
  readonly os?: string;
  readonly hardwareIds?: readonly string[];
  /** Default: unsigned. */
  readonly signer?: TestCertificate;
  /** Time of a PKCS#9 countersignature, as UTCTime. */
  readonly countersigned?: string;
  /** Digest algorithm of the signature; default: sha256. */
  readonly digest?: 'md5' | 'sha1' | 'sha256';
  /** Countersigner; default: the timestamp certificate of the tests. */
  readonly clock?: TestCertificate;
  /** Certificates of the signer's authorities to include. */
  readonly issuers?: readonly TestCertificate[];
}

/** Deviations of the catalogs of `withCatalog`. */
export interface CatalogOptions {
  readonly osAttr?: string;
  readonly version?: 1 | 2;
  /** Hardware IDs to list; default: those of the INF. */
  readonly hardwareIds?: readonly string[];
  /** Leaves out the signature; default: self-signed. */
  readonly unsigned?: boolean;
  /** Replaces the common test certificate. */
  readonly signer?: TestCertificate;
  /** Time of the countersignature as UTCTime; default: none. */
  readonly countersigned?: string;
  /** Digest algorithm of the signature; default: sha256. */
  readonly digest?: 'md5' | 'sha1' | 'sha256';
  readonly clock?: TestCertificate;
  /** Certificates of the signer's authorities to include. */
  readonly issuers?: readonly TestCertificate[];
  /** Names of files missing in the catalogs. */
  readonly omit?: readonly string[];
  /** Different bytes that the catalogs cover, by file name. */
  readonly instead?: Tree;
  /** Names in the catalogs, by file name. */
  readonly names?: Readonly<Record<string, string>>;
}

let selfSigned: TestCertificate | undefined;

/** Returns the certificate that signs catalogs and binaries in tests, the same during a run. */
export function testSigner(): TestCertificate {
  selfSigned ??= makeCertificate({ name: 'pvdisc test' });
  return selfSigned;
}

/** Creates a catalog like Inf2Cat: in version 2 a SHA-256 and a SHA-1 member for each file, hardware IDs in falling order. */
export function driverCatalog(options: DriverCatalogOptions): Buffer {
  const { files, osAttr, version = 2, os = '_v100_X64', hardwareIds = [], signer } = options;
  const members = files.flatMap((file) => membersFor(version, file, osAttr));
  const ids = hardwareIds.map((id, index): [string, string] => [`HWID${index + 1}`, id.toLowerCase()]);
  const list = makeList({
    version,
    members: members.sort((a, b) => Buffer.compare(a.tag, b.tag)),
    attributes: [['OS', os], ...ids.reverse()],
  });
  const { countersigned, clock = testClock, issuers = [], digest = 'sha256' } = options;
  if (countersigned === undefined) return Buffer.from(makeCatalog(list, signer, issuers, { digest }));
  const more = { digest, unsignedAttributes: countersigner(countersigned, clock) };
  return Buffer.from(makeCatalog(list, signer, [...new Set([...issuers, clock, ...testAuthorities])], more));
}

/** Gives every INF of a tree of `driverFolder` a `CatalogFile` and, beside it, a catalog of all files of the folder. */
export function withCatalog(tree: Tree, options: CatalogOptions = {}): Tree {
  const infs = Object.keys(tree).filter((path) => path.endsWith('.inf'));
  const named: Tree = {
    ...tree,
    ...Object.fromEntries(infs.map((path) => [path, nameCatalog(bytesOf(tree[path]), catalogName(path))])),
  };
  const catalogs = infs.map((path) => [
    folderOf(path) + catalogName(path),
    folderCatalog(named, path, options),
  ]);
  return { ...named, ...Object.fromEntries(catalogs), ...keptCatalogs(tree) };
}

/** Keeps a catalog that the test provides. */
function keptCatalogs(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([path]) => path.endsWith('.cat')));
}

function nameCatalog(inf: Buffer, catalog: string): Buffer {
  const text = inf.toString('latin1');
  if (/^CatalogFile/m.test(text)) return inf;
  return Buffer.from(
    text.replace(/^DriverVer.*\r?\n/m, (line) => `${line}CatalogFile = ${catalog}\r\n`),
    'latin1',
  );
}

function folderCatalog(tree: Tree, inf: string, options: CatalogOptions): Buffer {
  const { unsigned = false, omit = [], instead = {}, names = {} } = options;
  const folder = folderOf(inf);
  const windows = windowsOfFolder(folder.slice(0, -1)).split('.').slice(0, 2).join('.');
  const files = Object.entries(tree)
    .filter(([path]) => folderOf(path) === folder && !/\.(cat|pdb)$/.test(path))
    .map(([path, content]) => ({ name: path.slice(folder.length), content }))
    .filter(({ name }) => !omit.includes(name))
    .map(({ name, content }) => ({ name: names[name] ?? name, bytes: bytesOf(instead[name] ?? content) }));
  const hardwareIds = [
    ...bytesOf(tree[inf])
      .toString('latin1')
      .matchAll(/_Install, (.+)\r$/gm),
  ];
  return driverCatalog({
    files,
    osAttr: options.osAttr ?? `2:${windows}`,
    version: options.version ?? (/^(5|6\.[01])/.test(windows) ? 1 : 2),
    hardwareIds: options.hardwareIds ?? [...new Set(hardwareIds.flatMap(([, ids = '']) => ids.split(/, */)))],
    ...(!unsigned && { signer: options.signer ?? testSigner() }),
    ...(options.countersigned !== undefined && { countersigned: options.countersigned }),
    ...(options.clock !== undefined && { clock: options.clock }),
    ...(options.digest !== undefined && { digest: options.digest }),
    ...(options.issuers !== undefined && { issuers: options.issuers }),
  });
}

function membersFor(version: 1 | 2, { name, bytes }: CataloguedFile, osAttr: string): MemberOptions[] {
  const digests = fileDigests(bytes);
  const common = { file: name, osAttr, kind: digests.kind };
  const raw = (algorithm: keyof Omit<FileDigests, 'kind'>) => Buffer.from(digests[algorithm], 'hex');
  if (version === 1) return [{ ...common, tag: hexTag(raw('sha1')) }];
  return [
    { ...common, tag: raw('sha256'), digest: raw('sha256') },
    { ...common, tag: raw('sha1') },
  ];
}

function bytesOf(content: Uint8Array | string | undefined): Buffer {
  return Buffer.from(content ?? '');
}

function catalogName(inf: string): string {
  return inf.slice(folderOf(inf).length).replace(/\.inf$/, '.cat');
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
