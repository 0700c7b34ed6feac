/** Maximum length of a link's target in a header. */
export const maxLinkLength = 100;

const maxNameLength = 100;
const maxPrefixLength = 155;

/** Splits a path for a ustar header (POSIX.1-2017, pax): folders that do not fit go into the prefix; undefined when it is too long. */
export function splitName(path: string): { readonly prefix: string; readonly name: string } | undefined {
  let at = 0;
  while (path.length - at > maxNameLength) {
    const slash = path.indexOf('/', at);
    if (slash === -1) return undefined;
    at = slash + 1;
  }
  const prefix = path.slice(0, Math.max(at - 1, 0));
  const name = path.slice(at);
  return prefix.length > maxPrefixLength || name === '' ? undefined : { prefix, name };
}

/** Returns the GNU `K` record, which dpkg reads (deb(5)), to precede the header of a link whose target does not fit in it. */
export function longLinkRecord(target: string): Buffer {
  const header = Buffer.alloc(blockBytes);
  header.write('././@LongLink', 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${(target.length + 1).toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write(' '.repeat(8), 148);
  header.write('K', 156);
  header.write('ustar  \0', 257);
  header.write('root', 265);
  header.write('root', 297);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const data = Buffer.alloc(Math.ceil((target.length + 1) / blockBytes) * blockBytes);
  data.write(target);
  return Buffer.concat([header, data]);
}

const blockBytes = 512;
