import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { parseReleaseSums, sha256Of } from '../formats/sums.ts';
import { mostSignatureBytes } from '../sources/signature/gpgv.ts';
import { isPlainFile, readPlainFile } from '../system/path-kind.ts';
import { signatureName, sumsName } from './document-names.ts';

/** Far more than the sums of a release with 100 packages have. */
const mostSumsBytes = 2 ** 20;

/** The sums of a release and their signature, each read once: a later change of the files has no effect on the verdict. */
export interface ReleaseSums {
  readonly sha256: string;
  /** A copy of SHA256SUMS in a private folder, for gpgv. */
  readonly file: string;
  /** A copy of SHA256SUMS.asc; absent where the release has none. */
  readonly signature?: string;
  /** The files that the sums name; throws at a line that does not name one. */
  readonly files: () => { readonly name: string; readonly sha256: string }[];
}

/** Copies SHA256SUMS and SHA256SUMS.asc of a release's folder into a new folder below `workDir`; errors name the originals. */
export async function copySums(release: string, workDir: string): Promise<ReleaseSums> {
  const folder = await mkdtemp(join(workDir, 'sums-'));
  const copied = async (name: string, most: number) => {
    const original = join(release, name);
    const read = await readPlainFile(original, most, 'refuse');
    if ('problem' in read) throw refused(original, read.problem);
    const file = join(folder, name);
    await writeFile(file, read.bytes);
    return { file, bytes: read.bytes };
  };
  const { file, bytes } = await copied(sumsName, mostSumsBytes);
  const isSigned = (await isPlainFile(join(release, signatureName))) !== undefined;
  const signature = isSigned ? (await copied(signatureName, mostSignatureBytes)).file : undefined;
  return {
    sha256: sha256Of(bytes),
    file,
    files: () => parseReleaseSums(bytes.toString('utf8'), join(release, sumsName)),
    ...(signature !== undefined && { signature }),
  };
}

function refused(place: string, message: string): PipelineError {
  return new PipelineError('input', { place, message, hint: wholeReleaseHint });
}

/** The hint for a file of a release that is missing or not a regular file. */
export const wholeReleaseHint = 'give the folder of a release that pvdisc build made, whole and unchanged';
