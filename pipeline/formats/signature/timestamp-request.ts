import { createHash } from 'node:crypto';
import * as asn1js from 'asn1js';
import { FormatError } from '../format-error.ts';
import { children, encodingOf, parseDer } from './der.ts';
import { integer, nothing, octets, oid, sequence, trueValue } from './der-write.ts';
import { digestOid } from './oids.ts';

/** Encodes a request for a timestamp of a signature with the authority's certificates (RFC 3161, 2.4.1). The imprint in the token is checked, so that it needs no nonce. */
export function writeTimestampRequest(signature: Uint8Array): Uint8Array {
  const digest = createHash('sha256').update(signature).digest();
  const imprint = sequence(sequence(oid(digestOid('sha256')), nothing), octets(digest));
  return sequence(integer(1), imprint, trueValue);
}

/** Returns the token of a response to a timestamp request (RFC 3161, 2.4.2), not yet checked; FormatError where the authority refused or the response is none. */
export function readTimestampResponse(bytes: Uint8Array): Uint8Array {
  const [info, token] = children(parseDer(bytes, 'response'), 'response');
  const [status] = children(info, 'status');
  const code = status instanceof asn1js.Integer ? status.valueBlock.valueDec : -1;
  if (code !== 0 && code !== 1) throw new FormatError(`the authority refuses (status ${code})`);
  if (token === undefined) throw new FormatError('the response has no token');
  return encodingOf(token);
}
