/** Where the primary volume descriptor is, and how long (ECMA-119 section 6.2). */
export const descriptor = { start: 16 * 2048, end: 17 * 2048 };

/** Returns the volume identifier of the primary volume descriptor in sector 16 (ECMA-119 section 8.4.7), without what would move a terminal's cursor. */
export function volumeLabel(head: Buffer): string {
  const start = descriptor.start + 40;
  return head
    .toString('latin1', start, start + 32)
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
}

/** Volume space size and logical block size (ECMA-119 sections 8.4.8 and 8.4.12), the little-endian of each pair. */
export function volumeBytes(head: Buffer): number | undefined {
  if (head.length < descriptor.end || head[descriptor.start] !== 1) return undefined;
  return head.readUInt32LE(descriptor.start + 80) * head.readUInt16LE(descriptor.start + 128);
}
