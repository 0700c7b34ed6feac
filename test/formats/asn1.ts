/** Writes one DER value: tag, length, and the parts one after another. */
export function der(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const { length } = content;
  const digits = length.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  const size = length < 0x80 ? [length] : [0x80 + bytes.length, ...bytes];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

export const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
export const setOf = (...parts: Uint8Array[]) => der(0x31, ...inOrder(parts));
export const octets = (bytes: Uint8Array) => der(0x04, bytes);
/** From 0 to 32767; the first bit is the sign. */
export const integer = (value: number) =>
  der(0x02, Buffer.from(value < 0x80 ? [value] : [value >> 8, value & 0xff]));
export const text = (value: string) => der(0x0c, Buffer.from(value));
export const bmp = (value: string) => der(0x1e, Buffer.from(value, 'utf16le').swap16());
export const utcTime = (value: string) => der(0x17, Buffer.from(value));
export const generalizedTime = (value: string) => der(0x18, Buffer.from(value));
export const nothing = der(0x05);
/** A constructed context-specific value. */
export const context = (tag: number, ...parts: Uint8Array[]) => der(0xa0 + tag, ...parts);

/** Returns the values of a set in the order of DER (X.690, 11.6). */
export function inOrder(values: readonly Uint8Array[]): Uint8Array[] {
  return values.toSorted((a, b) => Buffer.compare(a, b));
}

/** An object identifier from its dotted form. */
export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
}
