import { createHash } from 'node:crypto';
import { issuerAndSerial } from './certificate.ts';
import { children, contentOf, encodingOf, parseDer } from './der.ts';
import {
  context,
  contextPrimitive,
  contextSetOf,
  integer,
  nothing,
  octets,
  oid,
  sequence,
  setOf,
} from './der-write.ts';
import { digestOid, oids } from './oids.ts';

/** What is signed: the content of a SignedData as an encoded value, such as a trust list or indirect data. */
export interface ContentToSign {
  readonly type: string;
  readonly der: Uint8Array;
}

/** What Windows shows of a signature besides the certificate (`SpcSpOpusInfo`). */
export interface Opus {
  readonly name?: string;
  readonly url?: string;
}

/**
 * Encodes the attributes that a signer signs: the content's type and SHA-256, and `SpcSpOpusInfo`, which Windows wants. The digest is
 * that of the content without its tag and length. No time is in it, so that equal files get equal signatures.
 */
export function writeSignedAttributes({ type, der }: ContentToSign, opus: Opus = {}): Uint8Array {
  const digest = createHash('sha256')
    .update(contentOf(parseDer(der, 'content'), 'content'))
    .digest();
  return setOf(
    attribute(oids.contentType, oid(type)),
    attribute(oids.messageDigest, octets(digest)),
    attribute(oids.opusInfo, writeOpus(opus)),
  );
}

/** A signature, and what goes with it into a SignedData. */
export interface SignatureToWrite {
  /** DER of the signer's certificate and of its issuers. */
  readonly leaf: Uint8Array;
  readonly issuers: readonly Uint8Array[];
  /** As `writeSignedAttributes` gives them. */
  readonly signedAttributes: Uint8Array;
  /** RSA (PKCS#1 v1.5) with SHA-256 over the signed attributes. */
  readonly signature: Uint8Array;
  /** DER of an RFC 3161 token. */
  readonly timestamp?: Uint8Array;
}

/** Encodes a SignedData in its ContentInfo as signtool does (PKCS#7 version 1.5, one signer), every set sorted. */
export function writeSignedData({ type, der }: ContentToSign, signature: SignatureToWrite): Uint8Array {
  const certificates = [signature.leaf, ...signature.issuers];
  const data = sequence(
    integer(1),
    setOf(sha256),
    sequence(oid(type), context(0, der)),
    contextSetOf(0, ...certificates),
    setOf(writeSigner(signature)),
  );
  return sequence(oid(oids.signedData), context(0, data));
}

function writeSigner({ leaf, signedAttributes, signature, timestamp }: SignatureToWrite): Uint8Array {
  // Writing a name anew may choose another type of string.
  const { issuer, serial } = issuerAndSerial(parseDer(leaf, 'certificate'));
  const attributes = children(parseDer(signedAttributes, 'signed attributes'), 'signed attributes');
  return sequence(
    integer(1),
    sequence(issuer, serial),
    sha256,
    contextSetOf(0, ...attributes.map(encodingOf)),
    sequence(oid(oids.rsaEncryption), nothing),
    octets(signature),
    ...(timestamp === undefined ? [] : [contextSetOf(1, attribute(oids.timestampToken, timestamp))]),
  );
}

function writeOpus({ name, url }: Opus): Uint8Array {
  const text = (value: string) => Buffer.from(value, 'utf16le').swap16();
  return sequence(
    ...(name === undefined ? [] : [context(0, contextPrimitive(0, text(name)))]),
    ...(url === undefined ? [] : [context(1, contextPrimitive(0, Buffer.from(url, 'ascii')))]),
  );
}

function attribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(oid(type), setOf(value));
}

const sha256 = sequence(oid(digestOid('sha256')), nothing);
