const block = 512;

/** An entry of a tar; what is not given is right. */
export interface TarEntry {
  readonly name: string;
  /** `0` for a file, `2` for a symbolic link, `5` for a folder and so on (POSIX ustar). */
  readonly type?: string;
  readonly link?: string;
  readonly bytes?: Uint8Array;
  /** What the header says of the size: a number, or the very 12 bytes. */
  readonly size?: number | Uint8Array;
  readonly checksum?: string;
}

/** Makes a tar (POSIX ustar) of the entries, as they are and in their order; `end` is what follows. */
export function tarArchive(entries: readonly TarEntry[], end: Uint8Array = Buffer.alloc(2 * block)): Buffer {
  return Buffer.concat([...entries.flatMap(entryBlocks), end]);
}

/** The extended header (pax) that gives the next entry other values, such as a long path. */
export function paxEntry(values: Readonly<Record<string, string>>): TarEntry {
  const lines = Object.entries(values).map(([key, value]) => {
    const body = ` ${key}=${value}\n`;
    let length = Buffer.byteLength(body) + 1;
    while (length < Buffer.byteLength(body) + String(length).length) length += 1;
    return `${length}${body}`;
  });
  return { name: 'PaxHeader', type: 'x', bytes: Buffer.from(lines.join('')) };
}

function entryBlocks({ name, type = '0', link = '', bytes, size, checksum }: TarEntry): Buffer[] {
  const content = bytes ?? (type === '0' ? Buffer.from('x') : Buffer.alloc(0));
  const header = Buffer.alloc(block);
  header.write(name, 0, 100);
  header.write('0000644\x000000000\x000000000\0', 100, 'latin1');
  const length = size ?? content.length;
  if (typeof length === 'number') header.write(`${length.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  else header.set(length, 124);
  header.write('14000000000\0', 136, 'latin1');
  header.write('        ', 148, 'latin1');
  header.write(type, 156, 'latin1');
  header.write(link, 157, 100);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return [header, Buffer.from(content), Buffer.alloc((block - (content.length % block)) % block)];
}
