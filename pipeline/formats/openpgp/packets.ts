import { readArmour } from './armour.ts';

/** The signature packets of a file, ready for gpgv, or why they are not taken. */
export type SignaturePackets = { readonly bytes: Buffer } | { readonly problem: string };

/** Takes a detached OpenPGP signature: one armoured block or signature packets (RFC 9580 section 5.2), and nothing besides. */
export function signaturePackets(file: Buffer): SignaturePackets {
  if ((file[0] ?? 0) >= 0x80) return onlySignatures(file);
  const text = readArmour(file.toString('latin1'));
  if (text === undefined) return { problem: 'its armour is damaged' };
  const [block, ...others] = text.blocks;
  if (block?.kind !== 'SIGNATURE') return { problem: 'it is no OpenPGP signature' };
  if (others.length > 0) return { problem: 'it holds more than one armoured block' };
  if (text.hasMore) return { problem: 'other text stands before or after the armoured signature' };
  return onlySignatures(block.bytes);
}

const signatureTag = 2;

function onlySignatures(bytes: Buffer): SignaturePackets {
  for (let at = 0; at < bytes.length; ) {
    const packet = packetAt(bytes, at);
    if (packet === undefined || packet.end > bytes.length)
      return { problem: `it has no whole OpenPGP packet at byte ${at}` };
    if (packet.tag !== signatureTag)
      return { problem: `its packet at byte ${at} is of type ${packet.tag}, no signature` };
    at = packet.end;
  }
  return { bytes };
}

/** Lengths in the two forms of RFC 9580 sections 4.2.1 and 4.2.2; a signature has neither a partial nor an unknown one. */
function packetAt(bytes: Buffer, at: number): { readonly tag: number; readonly end: number } | undefined {
  const [head = 0, first = 0] = bytes.subarray(at, at + 2);
  if ((head & 0x80) === 0) return undefined;
  const isNew = (head & 0x40) !== 0;
  const tag = isNew ? head & 0x3f : (head >> 2) & 0x0f;
  if (isNew && first < 192) return { tag, end: at + 2 + first };
  if (isNew && first < 224) {
    const [second = 0] = bytes.subarray(at + 2);
    return { tag, end: at + 3 + ((first - 192) << 8) + second + 192 };
  }
  const lengthAt = isNew ? at + 2 : at + 1;
  const lengthBytes = isNew ? (first === 255 ? 4 : 0) : [1, 2, 4, 0][head & 3];
  if (!lengthBytes || lengthAt + lengthBytes > bytes.length) return undefined;
  return { tag, end: lengthAt + lengthBytes + bytes.readUIntBE(lengthAt, lengthBytes) };
}
