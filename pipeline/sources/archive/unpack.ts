import type { RunContext } from '../../core/context.ts';
import { withDeadline } from '../../core/deadline.ts';
import { defaultLimits } from '../../core/limits.ts';
import { refusal } from '../../core/refusal.ts';
import { besideWords } from '../../formats/iso9660/index.ts';
import { describe, type Format, formatOf } from '../../formats/magic.ts';
import { readHead } from '../../system/files.ts';
import type { SourceRequest, SourceTree } from '../define.ts';
import { type PinnedFile, webPageProblem } from '../pinned-file.ts';
import { withTarStream } from './decompress.ts';
import { startExtraction } from './extraction.ts';
import { addIsoFiles } from './iso.ts';
import { unpackTar } from './tar.ts';
import { unpackZip } from './zip.ts';

export const archiveFormats: readonly Format[] = ['zip', 'tar', 'tar.gz', 'tar.xz', 'tar.zst'];

/** The formats that a source type accepts, and their name in errors. */
export interface Accepted {
  readonly formats: readonly Format[];
  readonly expected: string;
}

/** Unpacks an archive into the request's scratch folder, or reads the files of an ISO in place; detects the format from the bytes. */
export async function unpack(
  { file, subject, size, requireUnchanged }: PinnedFile,
  folder: string | undefined,
  accepted: Accepted,
  request: SourceRequest,
  context: RunContext,
): Promise<SourceTree> {
  const head = await readHead(file);
  const format = formatOf(head);
  if (format === undefined || !accepted.formats.includes(format)) {
    const page = webPageProblem(head, accepted.expected);
    throw refusal(subject, page ?? `this is ${describe(head)}, not ${accepted.expected}`, hintFor(format));
  }
  return withDeadline(subject, request.limits ?? defaultLimits, context, async (timed) => {
    const extraction = startExtraction({ subject, folder, packedBytes: size }, request, timed);
    if (format === 'iso') {
      const beside = await addIsoFiles(file, extraction);
      for (const note of besideWords(beside)) timed.reporter.note(`${subject.name}: ${note}`);
    } else if (format === 'zip') await unpackZip(file, extraction);
    else {
      const compressed = { file, format, subject, signal: timed.signal };
      await withTarStream(compressed, (bytes) => unpackTar(bytes, extraction));
    }
    return { ...extraction.finish(), ...(requireUnchanged && { requireUnchanged }) };
  });
}

function hintFor(format: Format | undefined): string {
  if (format === 'iso') return 'give the source the type iso';
  if (format !== undefined) return 'give the source the type archive';
  return 'look at the downloaded file; it must be the archive or ISO itself';
}
