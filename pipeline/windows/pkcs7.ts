import { type Attribute, ContentInfo, SignedData, type SignerInfo } from 'pkijs';
import { type CertificateEntry, readCertificate } from './certificate.ts';
import { type Asn1, attempt, children, contentOf, encodingOf, isContext, parseDer } from './der.ts';
import { FormatError } from './format-error.ts';

/** A PKCS#7 SignedData (RFC 2315, RFC 5652), decoded but not yet checked. */
export interface Pkcs7 {
  readonly contentType: string;
  /** What is signed, as a value; absent in a detached signature. */
  readonly content?: Asn1;
  /** What is signed, without its tag and length: what the digest covers. */
  readonly contentBytes: Uint8Array;
  readonly certificates: readonly CertificateEntry[];
  readonly signers: readonly SignerInfo[];
}

const maxCertificates = 100;
const maxSigners = 16;

/** Decodes a SignedData in its ContentInfo; FormatError when the bytes are none or hold beyond reason. */
export function parsePkcs7(bytes: Uint8Array, what: string): Pkcs7 {
  const root = parseDer(bytes, what);
  const data = attempt(() => new SignedData({ schema: new ContentInfo({ schema: root }).content }), what);
  if (data.signerInfos.length > maxSigners)
    throw new FormatError(`${what} has more than ${maxSigners} signers`);
  const content = (data.encapContentInfo.eContent as Asn1 | undefined) ?? undefined;
  return {
    contentType: data.encapContentInfo.eContentType,
    ...(content !== undefined && { content }),
    contentBytes: content === undefined ? new Uint8Array() : contentOf(content, 'signed content'),
    certificates: readCertificates(root, data, what),
    signers: data.signerInfos,
  };
}

/** Returns the values of the attributes of one type; FormatError when it is there more than once. */
export function attributeValues(attributes: readonly Attribute[] | undefined, type: string): readonly Asn1[] {
  const [found, second] = (attributes ?? []).filter((attribute) => attribute.type === type);
  if (second !== undefined) throw new FormatError(`attribute ${type} is there twice`);
  return (found?.values ?? []) as Asn1[];
}

/** Pairs each decoded certificate with its bytes: pkijs keeps their order, but not the bytes. */
function readCertificates(root: Asn1, data: SignedData, what: string): CertificateEntry[] {
  const [signedData] = children(children(root, what)[1], what);
  const set = children(signedData, what).find((node) => isContext(node, 0));
  const nodes = set === undefined ? [] : children(set, 'certificates');
  if (nodes.length > maxCertificates)
    throw new FormatError(`${what} has more than ${maxCertificates} certificates`);
  return nodes.flatMap((node, index) => {
    const names = data.certificates?.[index];
    return names !== undefined && 'tbsView' in names && 'subject' in names
      ? [readCertificate(encodingOf(node), names)]
      : [];
  });
}
