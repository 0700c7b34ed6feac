import { pipeline, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { defaultLimits, type Limits } from '../../core/limits.ts';
import { damage, keepError, refusal, type Subject } from '../../core/refusal.ts';
import {
  asBuffer,
  chunksOfRange,
  type RandomAccess,
  type ReadableSource,
  withRandomAccess,
} from '../random-access.ts';
import type { TarEntry } from '../tar/read.ts';
import { parseControl } from './control.ts';
import { type DebTarFormat, debTar, readDebMembers } from './members.ts';
import { type OnDebEntry, readDebTar } from './read-tar.ts';

/** The content of a Debian package. */
export interface Deb {
  /** Names of its members in order, such as `debian-binary`. */
  readonly members: readonly string[];
  /** The fields of its control file by their names as written; the lines of a value are separated by `\n`. */
  readonly fields: ReadonlyMap<string, string>;
  /** The control file, the maintainer scripts and the other control files. */
  readonly control: readonly TarEntry[];
  /** The installed files, folders and links in order, with paths without a leading slash. */
  readonly files: readonly TarEntry[];
}

/** Decompresses the chunks of a tar. */
export type Decompress = (
  chunks: AsyncIterable<Uint8Array>,
  format: Exclude<DebTarFormat, 'tar' | 'tar.gz'>,
) => AsyncIterable<Uint8Array>;

/** Options for reading a package. */
export interface DebReading {
  readonly subject?: Subject;
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
  /** Decompresses xz and zstd, which Node.js 20 cannot; not needed for gzip and uncompressed tars. */
  readonly decompress?: Decompress;
  /** Called for each installed entry, with the bytes of a file as a stream. */
  readonly onFile?: OnDebEntry;
}

/** Reads a Debian package (deb(5)) and writes nothing; throws a PvdiscError when it is damaged, unsafe or beyond the limits. */
export async function readDeb(source: ReadableSource, reading: DebReading = {}): Promise<Deb> {
  const subject = reading.subject ?? { place: 'deb', name: typeof source === 'string' ? source : 'package' };
  const { limits = defaultLimits, signal = new AbortController().signal, decompress } = reading;
  return withRandomAccess(source, async (deb) => {
    const found = await readDebMembers(deb, subject);
    const read = (which: 'data' | 'control', onEntry?: OnDebEntry) => {
      const place = debTar(found, which, subject);
      const bytes = tarBytes(deb, place, decompress, subject);
      return readDebTar(bytes, { subject, limits, packedBytes: place.size, signal }, onEntry);
    };
    let text: string | undefined;
    const control = await read('control', async ({ path, kind, size }, chunks) => {
      if (path !== 'control' || kind !== 'file') return;
      if (size > mostControlBytes) throw refusal(subject, `its control file has ${size} bytes`);
      text = (await buffer(chunks)).toString('utf8');
    });
    if (text === undefined) throw damage(subject, 'it has no control file');
    const [about] = parseControl(text, `${subject.name}/control`);
    const fields = new Map([...(about?.fields.values() ?? [])].map(({ name, value }) => [name, value]));
    const files = await read('data', reading.onFile);
    return { members: found.members.map(({ name }) => name), fields, control, files };
  });
}

/** Far more than the largest control file in Debian needs. */
const mostControlBytes = 2 ** 20;

function tarBytes(
  deb: RandomAccess,
  { offset, size, format }: ReturnType<typeof debTar>,
  decompress: Decompress | undefined,
  subject: Subject,
): Readable {
  const chunks = chunksOfRange(deb, offset, size);
  if (format === 'tar') return keepError(Readable.from(chunks));
  if (format === 'tar.gz') return keepError(pipeline(Readable.from(chunks), createGunzip(), () => {}));
  if (decompress === undefined)
    throw refusal(subject, `has a ${format}`, 'pass the option "decompress" to read it');
  return keepError(Readable.from(buffers(decompress(chunks, format))));
}

async function* buffers(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield asBuffer(chunk);
}
