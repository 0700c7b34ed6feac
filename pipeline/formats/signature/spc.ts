import * as asn1js from 'asn1js';
import { hex } from '../binary.ts';
import { FormatError } from '../format-error.ts';
import { type Asn1, children, isContext, octetsOf, oidOf, parseDer } from './der.ts';
import { type DigestAlgorithm, digestAlgorithm, oids } from './oids.ts';

/** The file digest in a signature or a catalog member: the Authenticode digest for a PE. */
export interface IndirectData {
  readonly algorithm: DigestAlgorithm;
  /** Lower-case hexadecimal. */
  readonly digest: string;
  readonly isPe: boolean;
  /** Digests of the pages of a PE, which the kernel checks when it reads them in. */
  readonly pageHashes?: PageHashes;
}

/** The page hashes of a signature: pairs of an offset (32 bits) and a digest. */
export interface PageHashes {
  readonly algorithm: 'sha1' | 'sha256';
  readonly table: Uint8Array;
}

/** Parses `SpcIndirectDataContent` (Microsoft, "Windows Authenticode Portable Executable Signature Format"). */
export function readIndirectData(node: Asn1 | undefined): IndirectData {
  const [data, digestInfo] = children(node, 'indirect data');
  const [type, image] = children(data, 'indirect data type');
  const [algorithmNode, digest] = children(digestInfo, 'digest');
  const oid = oidOf(children(algorithmNode, 'digest algorithm')[0], 'digest algorithm');
  const algorithm = digestAlgorithm(oid);
  if (algorithm === undefined) throw new FormatError(`digest algorithm ${oid} is unknown`);
  const isPe = oidOf(type, 'indirect data type') === oids.peImageData;
  const pageHashes = isPe ? readPageHashes(image) : undefined;
  return {
    algorithm,
    digest: hex(octetsOf(digest, 'digest')),
    isPe,
    ...(pageHashes !== undefined && { pageHashes }),
  };
}

/** Reads the page hashes that `SpcPeImageData` may have in the place of an empty link: a set of attributes in an SpcSerializedObject. */
function readPageHashes(image: Asn1 | undefined): PageHashes | undefined {
  const [, link] = children(image, 'image data');
  const [moniker] = link instanceof asn1js.Constructed ? children(link, 'image data') : [];
  if (!isContext(moniker, 1)) return undefined;
  const [, serialized] = children(moniker, 'image data');
  for (const attribute of children(
    parseDer(octetsOf(serialized, 'page hashes'), 'page hashes'),
    'page hashes',
  )) {
    const [type, values] = children(attribute, 'page hashes');
    const algorithm = pageHashAlgorithms.get(oidOf(type, 'page hashes'));
    if (algorithm !== undefined)
      return { algorithm, table: octetsOf(children(values, 'page hashes')[0], 'page hashes') };
  }
  return undefined;
}

const pageHashAlgorithms: ReadonlyMap<string, PageHashes['algorithm']> = new Map([
  [oids.pageHashes1, 'sha1'],
  [oids.pageHashes2, 'sha256'],
]);
