import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { asDamage, damage, keepError, quoted, refusal, type Subject } from '../../core/refusal.ts';
import { padding } from './rpm.ts';

/** An entry of a cpio archive in the format "newc" (cpio(5)). */
interface CpioEntry {
  readonly name: string;
  readonly mode: number;
  readonly inode: number;
  readonly links: number;
  readonly size: number;
  readonly time: number;
}

/**
 * Turns the payload of an RPM package into a tar, which has one reader here. Of hard links, the payload holds the bytes with the
 * last one, and a tar with the first.
 */
export function cpioAsTar(bytes: Readable, subject: Subject): Readable {
  const tar = pack();
  convert(new ByteReader(bytes, subject), tar, subject)
    .then(
      () => tar.finalize(),
      (error: unknown) => tar.destroy(asDamage(error, subject) as Error),
    )
    .finally(() => bytes.destroy());
  return keepError(Readable.from(tar));
}

async function convert(reader: ByteReader, tar: Pack, subject: Subject): Promise<void> {
  const waiting = new Map<number, CpioEntry[]>();
  for (;;) {
    const entry = await readEntry(reader, subject);
    if (entry.name === trailer) break;
    const linked = waiting.get(entry.inode) ?? [];
    const isFile = (entry.mode & typeMask) === types.file;
    if (isFile && entry.links > 1 && entry.size === 0 && linked.length + 1 < entry.links)
      waiting.set(entry.inode, [...linked, entry]);
    else {
      waiting.delete(entry.inode);
      await addEntry(reader, tar, entry, isFile ? linked : [], subject);
    }
  }
  for (const [first, ...others] of waiting.values())
    if (first !== undefined) await addEntry(reader, tar, first, others, subject);
}

const trailer = 'TRAILER!!!';
const headerBytes = 110;
const mostNameBytes = 4096;

async function readEntry(reader: ByteReader, subject: Subject): Promise<CpioEntry> {
  const header = (await reader.take(headerBytes)).toString('latin1');
  if (header.startsWith('07070X'))
    throw refusal(subject, 'holds a file of 4 GiB or more', 'inspect the file itself');
  if (!/^07070[12][0-9a-f]{104}$/i.test(header)) throw damage(subject, 'its payload is no cpio archive');
  const field = (index: number) => Number.parseInt(header.slice(6 + index * 8, 14 + index * 8), 16);
  const nameBytes = field(11);
  if (nameBytes < 1 || nameBytes > mostNameBytes)
    throw damage(subject, `its payload has a name of ${nameBytes} bytes`);
  const name = (await reader.take(nameBytes)).toString('utf8', 0, nameBytes - 1);
  await reader.take(padding(headerBytes + nameBytes, 4));
  return { name, inode: field(0), mode: field(1), links: field(4), time: field(5), size: field(6) };
}

/** Bits of a file's type in its mode (inode(7)). */
const typeMask = 0o170000;
const types = { file: 0o100000, folder: 0o040000, link: 0o120000 } as const;
const mostTargetBytes = 4096;

async function addEntry(
  reader: ByteReader,
  tar: Pack,
  entry: CpioEntry,
  linked: readonly CpioEntry[],
  subject: Subject,
): Promise<void> {
  const { mode, size, time } = entry;
  const [{ name } = entry, ...others] = [...linked, entry];
  const facts = { mode: mode & 0o7777, mtime: new Date(time * 1000), uname: 'root', gname: 'root' };
  const type = mode & typeMask;
  if (type === types.file) {
    await pipeline(reader.stream(size), tar.entry({ ...facts, name, size }));
    for (const link of others) tar.entry({ ...facts, name: link.name, type: 'link', linkname: name });
  } else if (type === types.link && size <= mostTargetBytes) {
    const linkname = (await reader.take(size)).toString('utf8');
    tar.entry({ ...facts, name, type: 'symlink', linkname });
  } else if (type === types.folder && size === 0) tar.entry({ ...facts, name, type: 'directory' });
  else throw refusal(subject, `its entry ${quoted(name)} is no file, folder or link`);
  await reader.take(padding(size, 4));
}

/** Takes bytes from a stream by number. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #subject: Subject;
  #rest: Buffer = Buffer.alloc(0);

  constructor(bytes: Readable, subject: Subject) {
    this.#chunks = bytes[Symbol.asyncIterator]();
    this.#subject = subject;
  }

  async take(count: number): Promise<Buffer> {
    const taken: Buffer[] = [];
    for await (const chunk of this.stream(count)) taken.push(chunk);
    return Buffer.concat(taken);
  }

  async *stream(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      if (this.#rest.length === 0) {
        const { done, value } = await this.#chunks.next();
        if (done) throw damage(this.#subject, 'its payload ends too early');
        this.#rest = value;
      }
      const chunk = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(chunk.length);
      left -= chunk.length;
      yield chunk;
    }
  }
}
