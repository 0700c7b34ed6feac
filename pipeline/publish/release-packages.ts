import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { hashFile } from '../system/files.ts';
import { isPlainFile } from '../system/plain-file.ts';

/** A package of a built release, copied into a staging folder at the path that it has in the repository. */
export interface StagedPackage {
  readonly path: string;
  readonly sha256: string;
  /** The file in the release's folder. */
  readonly from: string;
}

/** Copies the packages of a built release to `<staging>/<path in the repository>`; throws unless every file is what SHA256SUMS says. */
export async function stagePackages(
  release: string,
  suite: string,
  staging: string,
  signal: AbortSignal,
): Promise<StagedPackage[]> {
  const staged: StagedPackage[] = [];
  for (const { name, sha256 } of await readChecksums(release)) {
    const from = join(release, name);
    await requireFile(from);
    const path = name.endsWith('.deb') ? poolPath(from, name, suite) : undefined;
    const file = path === undefined ? from : await copyInto(from, join(staging, path));
    const found = await hashFile(file, signal);
    if (found.sha256 !== sha256) throw changed(from, found.sha256, sha256);
    if (path !== undefined) staged.push({ path, sha256, from });
  }
  if (staged.length > 0) return staged;
  throw new PipelineError('input', {
    place: join(release, checksums),
    message: 'names no .deb',
    hint: 'give the folder of a release that pvdisc build made, such as dist/NAME-VERSION',
  });
}

const checksums = 'SHA256SUMS';
const maxChecksums = 2 ** 20;

/** Reads the names and digests that the SHA256SUMS of a release's folder has; throws at a line that is none. */
export async function readChecksums(release: string): Promise<{ name: string; sha256: string }[]> {
  const file = join(release, checksums);
  await requireFile(file);
  if ((await lstat(file)).size > maxChecksums) throw noChecksums(file, 'is larger than 1 MiB');
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line, index) => {
    const [, sha256, name] = /^([0-9a-f]{64}) [ *]([^/\0 *][^/\0]*)$/.exec(line) ?? [];
    if (sha256 === undefined || name === undefined || name === '.' || name === '..')
      throw noChecksums(
        `${file}:${index + 1}`,
        'is not "<sha256>  <name of a file beside it>", as sha256sum and pvdisc write it',
      );
    return { name, sha256 };
  });
}

async function requireFile(file: string): Promise<void> {
  const isPlain = await isPlainFile(file);
  if (isPlain) return;
  throw new PipelineError('input', {
    place: file,
    message: isPlain === undefined ? 'no such file' : 'is no plain file',
    hint: 'give the folder of a release that pvdisc build made, whole and unchanged',
  });
}

/** `pool/<suite>/main/<first letter>/<package>/<file>`: each suite has its own files, so that it holds what was published to it. */
function poolPath(file: string, name: string, suite: string): string {
  const [, debian = ''] = /^([a-z0-9][a-z0-9+.-]+)_[0-9A-Za-z.+~-]+_all\.deb$/.exec(name) ?? [];
  if (debian !== '') return `pool/${suite}/main/${debian.charAt(0)}/${debian}/${name}`;
  throw new PipelineError('input', {
    place: file,
    message: 'is not named as the package of a release is, <package>_<version>_all.deb',
    hint: 'publish what pvdisc build made, under the name that it has there',
  });
}

async function copyInto(from: string, to: string): Promise<string> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  return to;
}

function noChecksums(place: string, message: string): PipelineError {
  return new PipelineError('input', { place, message, hint: 'build the release again' });
}

function changed(file: string, found: string, expected: string): PipelineError {
  return new PipelineError('input', {
    place: file,
    message: `has sha256 ${found}, but ${checksums} says ${expected}`,
    hint: 'the release was damaged or changed after it was built: build it again, or get it again',
  });
}
