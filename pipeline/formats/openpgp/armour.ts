/** A block of ASCII armour (RFC 9580 section 6.2): what its first line says it is, such as `SIGNATURE`, and the bytes in it. */
export interface ArmouredBlock {
  readonly kind: string;
  readonly bytes: Buffer;
}

/** What a text holds: its blocks in their order, and whether anything but blank lines stands outside them. */
export interface ArmouredText {
  readonly blocks: readonly ArmouredBlock[];
  readonly hasMore: boolean;
}

/** Reads the blocks of ASCII armour in a text; returns undefined when one of them is damaged, or its checksum is not right. */
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

/** Headers up to the first blank line, base64, and perhaps a checksum that begins with `=`. */
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

/** RFC 9580 section 6.1.1. */
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
