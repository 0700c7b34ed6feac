import { hex } from '../binary.ts';
import { FormatError } from '../format-error.ts';
import { type Asn1, children, octetsOf, oidOf } from './der.ts';
import { type DigestAlgorithm, digestAlgorithm, oids } from './oids.ts';

/** The file digest in a signature or a catalog member: the Authenticode digest for a PE. */
export interface IndirectData {
  readonly algorithm: DigestAlgorithm;
  /** Lower-case hexadecimal. */
  readonly digest: string;
  readonly isPe: boolean;
}

/** Parses `SpcIndirectDataContent` (Microsoft, "Windows Authenticode Portable Executable Signature Format"). */
export function readIndirectData(node: Asn1 | undefined): IndirectData {
  const [data, digestInfo] = children(node, 'indirect data');
  const [type] = children(data, 'indirect data type');
  const [algorithmNode, digest] = children(digestInfo, 'digest');
  const oid = oidOf(children(algorithmNode, 'digest algorithm')[0], 'digest algorithm');
  const algorithm = digestAlgorithm(oid);
  if (algorithm === undefined) throw new FormatError(`digest algorithm ${oid} is unknown`);
  return {
    algorithm,
    digest: hex(octetsOf(digest, 'digest')),
    isPe: oidOf(type, 'indirect data type') === oids.peImageData,
  };
}
