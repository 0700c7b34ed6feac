import { join } from 'node:path';
import { sumsName } from '../attest/document-names.ts';
import { type ReleaseSums, wholeReleaseHint } from '../attest/read-sums.ts';
import { PipelineError } from '../core/errors.ts';
import { copyOpened, exists, hashFile, hashOpened } from '../system/files.ts';
import { openPlainFile } from '../system/path-kind.ts';

/** A package of a built release, copied into a staging folder at its path in the repository. */
export interface StagedPackage {
  readonly path: string;
  readonly sha256: string;
  /** The file in the release's folder. */
  readonly from: string;
}

/** Which files of a release to stage: the end of their names, and the path of each in the repository. */
export interface PackageKind {
  readonly ending: string;
  readonly pathOf: (file: string, name: string) => string;
}

/**
 * Copies the packages of a built release to `<staging>/<path in the repository>`; throws unless every file has the digest from its
 * checksum list. Opens and reads each file once, so that it publishes the very bytes that it checked.
 */
export async function stagePackages(
  release: string,
  { files }: Pick<ReleaseSums, 'files'>,
  { ending, pathOf, staging }: PackageKind & { readonly staging: string },
  signal: AbortSignal,
): Promise<StagedPackage[]> {
  const staged: StagedPackage[] = [];
  let packages = 0;
  for (const { name, sha256 } of files()) {
    const from = join(release, name);
    const path = name.endsWith(ending) ? pathOf(from, name) : undefined;
    const opened = await openPlainFile(from, 'refuse');
    if ('problem' in opened) throw refused(from, opened.problem, wholeReleaseHint);
    const target = path === undefined ? undefined : join(staging, path);
    const isStaged = target !== undefined && (await exists(target));
    const found =
      target === undefined || isStaged
        ? await hashOpened(opened.handle, signal)
        : await copyOpened(opened.handle, target, signal);
    if (found.sha256 !== sha256) throw changed(from, found.sha256, sha256);
    if (isStaged && (await hashFile(target, signal)).sha256 !== sha256) {
      const hint = 'publish one of the two, or build one again with a higher version';
      throw refused(from, 'differs from the package of the same name in a release before it', hint);
    }
    if (path === undefined) continue;
    packages += 1;
    if (!isStaged) staged.push({ path, sha256, from });
  }
  if (packages > 0) return staged;
  const hint = 'give the folder of a release that pvdisc build made, such as dist/NAME-VERSION';
  throw refused(join(release, sumsName), `names no ${ending}`, hint);
}

/** Debian packages: `pool/<suite>/main/<first letter>/<package>/<file>`; each suite has its own files, independent of other suites. */
export function debPackages(suite: string): PackageKind {
  return {
    ending: '.deb',
    pathOf: (file, name) => {
      const [, debian] = /^([a-z0-9][a-z0-9+.-]+)_[0-9A-Za-z.+~-]+_all\.deb$/.exec(name) ?? [];
      if (debian === undefined) throw misnamed(file, '<package>_<version>_all.deb');
      return `pool/${suite}/main/${debian.charAt(0)}/${debian}/${name}`;
    },
  };
}

/** RPM packages: `<suite>/Packages/<first letter>/<file>`, as in Fedora's repositories; dnf knows a suite as a repository. */
export function rpmPackages(suite: string): PackageKind {
  return {
    ending: '.rpm',
    pathOf: (file, name) => {
      if (!/^[a-z0-9][a-z0-9+.-]+-[0-9A-Za-z.+~]+-[0-9A-Za-z.+~]+\.noarch\.rpm$/.test(name))
        throw misnamed(file, '<package>-<version>-<release>.noarch.rpm');
      return `${suite}/Packages/${name.charAt(0)}/${name}`;
    },
  };
}

function misnamed(file: string, form: string): PipelineError {
  const hint = 'publish the package that pvdisc build made, under its original name';
  return refused(file, `is not named as a package of a release: ${form}`, hint);
}

function changed(file: string, found: string, expected: string): PipelineError {
  const hint = 'the release was damaged or changed after the build: build it again, or get it again';
  return refused(file, `has sha256 ${found}, but ${sumsName} says ${expected}`, hint);
}

function refused(place: string, message: string, hint: string): PipelineError {
  return new PipelineError('input', { place, message, hint });
}
