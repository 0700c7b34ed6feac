/** Writes one system use entry (SUSP 1.12): signature, length, version 1, and its fields. */
export function useEntry(signature: string, ...fields: (Uint8Array | number | string)[]): Buffer {
  const parts = fields.map((field) =>
    typeof field === 'number' ? Buffer.from([field]) : Buffer.from(field as string, 'latin1'),
  );
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(signature, 'latin1'), Buffer.from([body.length + 4, 1]), body]);
}

/** A number of 32 bits in both byte orders. */
export function both(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(value);
  bytes.writeUInt32BE(value, 4);
  return bytes;
}

/** What the root says of Rock Ridge: SP and ER. */
export function rockRidgeRoot(): Buffer {
  const id = 'RRIP_1991A';
  return Buffer.concat([useEntry('SP', 0xbe, 0xef, 0), useEntry('ER', id.length, 0, 0, 1, id)]);
}

/** The mode, links, owner and group of a file. */
export function posix(mode: number): Buffer {
  return useEntry('PX', both(mode), both(1), both(0), both(0));
}

/** A name; `flags` 1 continues it in the next entry, 2 means `.`, 4 means `..`. */
export function alternateName(name: string, flags = 0): Buffer {
  return useEntry('NM', flags, Buffer.from(name));
}

/** A symbolic link of one component. */
export function link(target: string): Buffer {
  return useEntry('SL', 0, 0, target.length, target);
}

/** More entries of this record are at byte `offset` of a sector. */
export function continuation(sector: number, offset: number, bytes: number): Buffer {
  return useEntry('CE', both(sector), both(offset), both(bytes));
}
