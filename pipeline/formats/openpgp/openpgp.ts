/** A block of ASCII armor (RFC 9580 section 6.2): its kind, such as `SIGNATURE`, and its bytes. */
interface ArmouredBlock {
  readonly kind: string;
  readonly bytes: Buffer;
}

/** The armored blocks of a text, and whether other text surrounds them. */
interface ArmouredText {
  readonly blocks: readonly ArmouredBlock[];
  readonly hasMore: boolean;
}

/** Parses the blocks of ASCII armor in a text; undefined when a block is damaged or its checksum is wrong. */
export function readArmour(text: string): ArmouredText | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  const blocks: ArmouredBlock[] = [];
  let hasMore = false;
  for (let at = 0; at < lines.length; at += 1) {
    const kind = /^-----BEGIN PGP ([A-Z ]+)-----$/.exec(lines[at] ?? '')?.[1];
    if (kind === undefined) {
      hasMore ||= lines[at] !== '';
      continue;
    }
    const end = lines.indexOf(`-----END PGP ${kind}-----`, at);
    const bytes = end === -1 ? undefined : blockBytes(lines.slice(at + 1, end));
    if (bytes === undefined) return undefined;
    blocks.push({ kind, bytes });
    at = end;
  }
  return { blocks, hasMore };
}

/** Parses headers up to the first blank line, base64, and an optional checksum that begins with `=`. */
function blockBytes(lines: readonly string[]): Buffer | undefined {
  const blank = lines.indexOf('');
  if (blank === -1 || !lines.slice(0, blank).every((line) => /^[A-Za-z-]+:/.test(line))) return undefined;
  const data = lines.slice(blank + 1);
  const checksum = /^=([A-Za-z0-9+/]{4})$/.exec(data.at(-1) ?? '')?.[1];
  const base64 = (checksum === undefined ? data : data.slice(0, -1)).join('');
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  const isWhole = checksum === undefined || Buffer.from(checksum, 'base64').readUIntBE(0, 3) === crc24(bytes);
  return isWhole ? bytes : undefined;
}

/** CRC-24 (RFC 9580 section 6.1.1). */
function crc24(bytes: Buffer): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  return crc & 0xffffff;
}

/** The signature packets of a file in the form for gpgv, or the reason for rejecting them. */
type SignaturePackets = { readonly bytes: Buffer } | { readonly problem: string };

/** Parses a detached OpenPGP signature: one armored block or signature packets (RFC 9580 section 5.2), without other data. */
export function signaturePackets(file: Buffer): SignaturePackets {
  if ((file[0] ?? 0) >= 0x80) return onlySignatures(file);
  const text = readArmour(file.toString('latin1'));
  if (text === undefined) return { problem: 'its ASCII armor is damaged' };
  const [block, ...others] = text.blocks;
  if (block?.kind !== 'SIGNATURE') return { problem: 'it is not an OpenPGP signature' };
  if (others.length > 0) return { problem: 'it contains more than one armored block' };
  if (text.hasMore) return { problem: 'it contains other text before or after the armored signature' };
  return onlySignatures(block.bytes);
}

const publicKeyTag = 6;

/** Returns the material of the first public key of a binary keyring (RFC 9580 section 5.5.2), which every export of the key has; undefined without one. */
export function firstKeyMaterial(keyring: Buffer): Buffer | undefined {
  const packet = packetAt(keyring, 0);
  return packet?.tag === publicKeyTag ? keyring.subarray(mostHeaderBytes, packet.end) : undefined;
}

/** A packet has a header of two to six bytes, so this leaves out some bytes of the version and the date of a key too. */
const mostHeaderBytes = 6;

const signatureTag = 2;

function onlySignatures(bytes: Buffer): SignaturePackets {
  for (let at = 0; at < bytes.length; ) {
    const packet = packetAt(bytes, at);
    if (packet === undefined || packet.end > bytes.length)
      return { problem: `it has no complete OpenPGP packet at byte ${at}` };
    if (packet.tag !== signatureTag)
      return { problem: `its packet at byte ${at} has type ${packet.tag}, not a signature` };
    at = packet.end;
  }
  return { bytes };
}

/** Parses both forms of packet lengths (RFC 9580 sections 4.2.1 and 4.2.2); a signature has no partial or indeterminate length. */
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
