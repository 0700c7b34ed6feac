import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { isPlainFile } from '../system/path-kind.ts';

export const checksums = 'SHA256SUMS';

const maxChecksums = 2 ** 20;

/** Reads SHA256SUMS of a release's folder; throws on an invalid line. */
export async function readChecksums(release: string): Promise<{ name: string; sha256: string }[]> {
  const file = join(release, checksums);
  await requirePlainFile(file);
  if ((await lstat(file)).size > maxChecksums) throw noChecksums(file, 'is larger than 1 MiB');
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line, index) => {
    const [, sha256, name] = /^([0-9a-f]{64}) [ *]([^/\0 *][^/\0]*)$/.exec(line) ?? [];
    if (sha256 === undefined || name === undefined || name === '.' || name === '..')
      throw noChecksums(
        `${file}:${index + 1}`,
        'is not a line of sha256sum, "<sha256>  <file name>", without a path',
      );
    return { name, sha256 };
  });
}

export async function requirePlainFile(file: string): Promise<void> {
  const isPlain = await isPlainFile(file);
  if (isPlain) return;
  throw new PipelineError('input', {
    place: file,
    message: isPlain === undefined ? 'no such file' : 'is not a regular file',
    hint: 'give the complete, unchanged folder of a release built by pvdisc build',
  });
}

function noChecksums(place: string, message: string): PipelineError {
  return new PipelineError('input', { place, message, hint: 'build the release again' });
}
