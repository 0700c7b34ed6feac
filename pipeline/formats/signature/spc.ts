import { hex } from '../binary.ts';
import { FormatError } from '../format-error.ts';
import { type Asn1, children, octetsOf, oidOf } from './der.ts';
import { type DigestAlgorithm, digestAlgorithm, oids } from './oids.ts';

/** The digest that a signature or a catalog member holds of a file: of a PE it is the Authenticode digest. */
export interface IndirectData {
  readonly algorithm: DigestAlgorithm;
  /** Lower-case hexadecimal. */
  readonly digest: string;
  readonly isPe: boolean;
}

/** Reads `SpcIndirectDataContent` (Microsoft, "Windows Authenticode Portable Executable Signature Format"). */
export function readIndirectData(node: Asn1 | undefined): IndirectData {
  const [data, digestInfo] = children(node, 'indirect data');
  const [type] = children(data, 'indirect data type');
  const [algorithmNode, digest] = children(digestInfo, 'digest');
  const oid = oidOf(children(algorithmNode, 'digest algorithm')[0], 'digest algorithm');
  const algorithm = digestAlgorithm(oid);
  if (algorithm === undefined) throw new FormatError(`digest algorithm ${oid} is not known`);
  return {
    algorithm,
    digest: hex(octetsOf(digest, 'digest')),
    isPe: oidOf(type, 'indirect data type') === oids.peImageData,
  };
}
