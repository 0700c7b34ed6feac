import { createHash } from 'node:crypto';
import { authenticodeDigest } from '../../pipeline/windows/authenticode.ts';
import { indirectData } from '../windows/catalog-file.ts';
import { inside, makeSignedData, makeSigner } from '../windows/signing.ts';
import { testSigner } from './catalog.ts';
import { peFacts } from './pe-facts.ts';

const contentType = '1.3.6.1.4.1.311.2.1.4';

/** Returns a PE file with an embedded signature of the tests' own certificate; of other bytes where a test wants it wrong. */
export function signPe(bytes: Uint8Array, { matches = true } = {}): Buffer {
  const body = pad8(Buffer.from(bytes));
  const digest = matches ? authenticodeDigest(bytes, 'sha256') : createHash('sha256').digest('hex');
  const content = indirectData(Buffer.from(digest, 'hex'));
  const signer = makeSigner({ certificate: testSigner(), bytes: inside(content), contentType });
  const entry = pad8(
    Buffer.concat([Buffer.alloc(8), makeSignedData(contentType, content, [testSigner()], [signer])]),
  );
  entry.writeUInt32LE(entry.length, 0);
  entry.writeUInt16LE(0x200, 4);
  entry.writeUInt16LE(2, 6);
  const { directories } = peFacts(body);
  body.writeUInt32LE(body.length, directories + 32);
  body.writeUInt32LE(entry.length, directories + 36);
  return Buffer.concat([body, entry]);
}

function pad8(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
}
