import { constants } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checksums, readChecksums, requirePlainFile } from '../attest/read-sums.ts';
import { PipelineError } from '../core/errors.ts';
import { hashFile } from '../system/files.ts';

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
    await requirePlainFile(from);
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

function changed(file: string, found: string, expected: string): PipelineError {
  return new PipelineError('input', {
    place: file,
    message: `has sha256 ${found}, but ${checksums} says ${expected}`,
    hint: 'the release was damaged or changed after it was built: build it again, or get it again',
  });
}
