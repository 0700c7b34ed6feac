import { createHash } from 'node:crypto';
import { authenticodeDigest } from '../../pipeline/formats/pe/signature.ts';
import { indirectData } from '../formats/catalog-file.ts';
import {
  inside,
  makeSignedData,
  makeSigner,
  type SignerOptions,
  type TestCertificate,
} from '../formats/signing.ts';
import { testSigner } from './catalog.ts';
import { peChecksum, peFacts } from './pe-facts.ts';

const contentType = '1.3.6.1.4.1.311.2.1.4';

/** Deviations from a valid embedded signature with the test certificate. */
export interface PeSigningOptions {
  /** False signs other bytes. */
  readonly matches?: boolean;
  readonly signer?: TestCertificate;
  readonly others?: readonly TestCertificate[];
  readonly unsignedAttributes?: SignerOptions['unsignedAttributes'];
  /** Digest algorithm of the signature; default: sha256. */
  readonly digest?: SignerOptions['digest'];
  /** Data after the signature, in its entry of the certificate table. */
  readonly unsignedData?: Uint8Array;
}

/** Returns a PE file with an embedded signature and the right checksum. */
export function signPe(bytes: Uint8Array, options: PeSigningOptions = {}): Buffer {
  const { matches = true, signer: certificate = testSigner(), others = [] } = options;
  const { unsignedAttributes, digest: algorithm, unsignedData = Buffer.alloc(0) } = options;
  const body = pad8(Buffer.from(bytes));
  const digest = matches ? authenticodeDigest(bytes, 'sha256') : createHash('sha256').digest('hex');
  const content = indirectData(Buffer.from(digest, 'hex'));
  const signer = makeSigner({
    certificate,
    bytes: inside(content),
    contentType,
    ...(unsignedAttributes !== undefined && { unsignedAttributes }),
    ...(algorithm !== undefined && { digest: algorithm }),
  });
  const entry = pad8(
    Buffer.concat([
      Buffer.alloc(8),
      makeSignedData(contentType, content, [certificate, ...others], [signer], algorithm),
      unsignedData,
    ]),
  );
  entry.writeUInt32LE(entry.length, 0);
  entry.writeUInt16LE(0x200, 4);
  entry.writeUInt16LE(2, 6);
  const { directories, checksumOffset } = peFacts(body);
  body.writeUInt32LE(body.length, directories + 32);
  body.writeUInt32LE(entry.length, directories + 36);
  const file = Buffer.concat([body, entry]);
  file.writeUInt32LE(peChecksum(file), checksumOffset);
  return file;
}

function pad8(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
}
