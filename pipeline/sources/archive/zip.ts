import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { type Entry, fromFdPromise, getFileNameLowLevel, type LocalFileHeader, type ZipFile } from 'yauzl';
import { overLimit } from '../../core/limits.ts';
import { asDamage, damage, keepError, quoted, refusal, type Subject } from '../../core/refusal.ts';
import { withoutDotStart } from '../../core/safe-path.ts';
import { plural } from '../../core/text.ts';
import { openFile } from '../../system/files.ts';
import type { Extraction } from './extraction.ts';

/** Unpacks a zip (PKWARE APPNOTE) by its central directory; checks each file's CRC-32 and size. */
export async function unpackZip(file: string, extraction: Extraction): Promise<void> {
  const handle = await openFile(file);
  try {
    const zip = await fromFdPromise(handle.fd, {
      decodeStrings: false,
      validateEntrySizes: false,
      autoClose: false,
    });
    requireFewEntries(zip, extraction);
    const ranges = startZipRanges(extraction.subject);
    for await (const entry of zip.eachEntry()) {
      await ranges.add(zip, entry);
      await unpackEntry(zip, entry, extraction);
    }
    ranges.requireSeparate();
    await requireEndOfDirectory(handle, zip, extraction);
  } catch (error) {
    throw asDamage(error, extraction.subject);
  } finally {
    await handle.close();
  }
}

const endRecordBytes = 22;

/** The end record has the number of entries, before any is written. */
function requireFewEntries({ entryCount, fileSize }: ZipFile, { subject, limits }: Extraction): void {
  if (entryCount === 0 && fileSize > endRecordBytes)
    throw damage(subject, `its end record counts no entries in ${fileSize} bytes`);
  if (entryCount > limits.files)
    throw overLimit(subject, 'files', `holds more than ${limits.files} files and folders`);
}

async function unpackEntry(zip: ZipFile, entry: Entry, extraction: Extraction): Promise<void> {
  const written = nameOf(entry);
  const name = withoutDotStart(written);
  const special = specialKind(entry, written);
  if (special !== undefined) return extraction.addSpecial(name.replace(/\/$/, ''), special);
  if (written.endsWith('/')) {
    if (entry.uncompressedSize > 0)
      throw damage(
        extraction.subject,
        `entry ${quoted(name)} is a folder and has ${entry.uncompressedSize} bytes`,
      );
    // The root itself, as `./`.
    if (name === '') return;
    return extraction.addFolder(name.slice(0, -1));
  }
  const target = extraction.addFile(name);
  if (target === undefined) return;
  requireReadable(entry, name, extraction);
  const packed = await zip.openReadStreamPromise(entry, { decodeFileData: false });
  const plain =
    entry.compressionMethod === 0 ? packed : keepError(pipeline(packed, createInflateRaw(), () => {}));
  try {
    await extraction.write(target, checked(plain, entry, name, extraction));
  } finally {
    plain.destroy();
  }
}

/** Code page 437 maps control characters to symbols such as ○; keeps them as control characters, so that they are refused. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  if (fileNameRaw.some((byte) => byte < 0x20 || byte === 0x7f)) return fileNameRaw.toString('latin1');
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
}

/** The upper half of the external attributes is `st_mode` where a Unix made the entry, else 0. */
function specialKind({ externalFileAttributes }: Entry, name: string): string | undefined {
  const type = (externalFileAttributes >>> 16) & 0o170000;
  if (type === 0o120000) return 'is a symbolic link';
  const expected = name.endsWith('/') ? 0o040000 : 0o100000;
  return type === 0 || type === expected ? undefined : 'is neither a file nor a folder';
}

function requireReadable(entry: Entry, name: string, { subject }: Extraction): void {
  if (entry.isEncrypted()) {
    throw refusal(subject, `entry ${quoted(name)}: is encrypted`, 'give an archive without a password');
  }
  if (entry.canDecodeFileData()) return;
  throw refusal(
    subject,
    `entry ${quoted(name)}: is compressed by method ${entry.compressionMethod}, expected 0 (stored) or 8 (deflate)`,
    'pack the archive again with plain zip',
  );
}

async function* checked(chunks: AsyncIterable<Buffer>, entry: Entry, name: string, { subject }: Extraction) {
  let sum = 0;
  let bytes = 0;
  for await (const chunk of chunks) {
    sum = crc32(chunk, sum);
    bytes += chunk.length;
    if (bytes > entry.uncompressedSize) break;
    yield chunk;
  }
  if (bytes !== entry.uncompressedSize || sum !== entry.crc32) {
    throw damage(subject, `entry ${quoted(name)} does not have the size or the CRC-32 from the directory`);
  }
}

/** An entry beyond the count in the end record would be ignored silently. */
async function requireEndOfDirectory(
  handle: FileHandle,
  zip: ZipFile,
  { subject }: Extraction,
): Promise<void> {
  const end = zip.readEntryCursor as unknown as number;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, end);
  if (bytesRead === 4 && buffer.readUInt32LE() === 0x02014b50) {
    throw damage(
      subject,
      `its end record counts ${plural(zip.entryCount, 'entry', 'entries')}, but it has more`,
    );
  }
}

/** The bytes of an entry in a zip: its local header and its compressed content. */
interface ZipRange {
  readonly start: number;
  readonly end: number;
}

/** Checks that the entries of a zip match their local headers and do not overlap, as in zip bombs. */
interface ZipRanges {
  /** Throws when the local header of an entry has a different name, since other programs use that one. */
  readonly add: (zip: ZipFile, entry: Entry) => Promise<void>;
  readonly requireSeparate: () => void;
}

/** Starts without an entry. */
function startZipRanges(subject: Subject): ZipRanges {
  const ranges: ZipRange[] = [];
  return {
    add: async (zip, entry) => {
      const { fileName, fileDataStart } = await readLocalHeader(zip, entry);
      if (!fileName.equals(entry.fileNameRaw))
        throw damage(
          subject,
          `it has ${shown(entry.fileNameRaw)} in its directory, but ${shown(fileName)} in the local header`,
        );
      ranges.push({ start: entry.relativeOffsetOfLocalHeader, end: fileDataStart + entry.compressedSize });
    },
    requireSeparate: () => {
      ranges.sort((a, b) => a.start - b.start);
      const overlap = ranges.find(({ start }, index) => start < (ranges[index - 1]?.end ?? 0));
      if (overlap !== undefined) throw damage(subject, `two of its entries share byte ${overlap.start}`);
    },
  };
}

function readLocalHeader(zip: ZipFile, entry: Entry): Promise<LocalFileHeader> {
  return new Promise((resolve, reject) => {
    zip.readLocalFileHeader(entry, (error, header) => (error === null ? resolve(header) : reject(error)));
  });
}

function shown(name: Buffer): string {
  return quoted(name.toString());
}
