import { FormatError } from './format-error.ts';

/** Returns a view of `length` bytes from `offset`; FormatError that names `what` when it exceeds the input. */
export function slice(bytes: Uint8Array, offset: number, length: number, what: string): Uint8Array {
  if (offset < 0 || length < 0 || offset + length > bytes.length) {
    throw new FormatError(
      `${what} at byte ${offset} (${length} bytes) is beyond the end (${bytes.length} bytes)`,
    );
  }
  return bytes.subarray(offset, offset + length);
}

/** Reads a little-endian unsigned 16-bit number; FormatError when it exceeds the input. */
export function u16(bytes: Uint8Array, offset: number, what: string): number {
  const [a = 0, b = 0] = slice(bytes, offset, 2, what);
  return a | (b << 8);
}

/** Reads a little-endian unsigned 32-bit number; FormatError when it exceeds the input. */
export function u32(bytes: Uint8Array, offset: number, what: string): number {
  return u16(bytes, offset, what) + u16(bytes, offset + 2, what) * 0x10000;
}

/** Reads a little-endian unsigned 64-bit number; FormatError when it exceeds the input. */
export function u64(bytes: Uint8Array, offset: number, what: string): bigint {
  return BigInt(u32(bytes, offset, what)) + (BigInt(u32(bytes, offset + 4, what)) << 32n);
}

/** Bytes as lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
