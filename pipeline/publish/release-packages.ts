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

/** The packages of a repository: their ending, and the path of each in the repository; undefined for a name that no release has. */
export interface PackageKind {
  readonly ending: string;
  readonly names: string;
  readonly pathOf: (name: string, suite: string) => string | undefined;
}

/**
 * Copies the packages of a built release to `<staging>/<path in the repository>`; throws unless every file has the digest from its
 * checksum list. Opens and reads each file once, so that it publishes the very bytes that it checked.
 */
export async function stagePackages(
  release: string,
  { files }: Pick<ReleaseSums, 'files'>,
  { suite, staging, kind }: { readonly suite: string; readonly staging: string; readonly kind: PackageKind },
  signal: AbortSignal,
): Promise<StagedPackage[]> {
  const staged: StagedPackage[] = [];
  let packages = 0;
  for (const { name, sha256 } of files()) {
    const from = join(release, name);
    const path = name.endsWith(kind.ending) ? poolPath(from, name, suite, kind) : undefined;
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
  throw refused(join(release, sumsName), `names no ${kind.ending}`, hint);
}

/** `pool/<suite>/main/<first letter>/<package>/<file>`: each suite has its own files, independent of other suites. */
export const debKind: PackageKind = {
  ending: '.deb',
  names: '<package>_<version>_all.deb',
  pathOf: (name, suite) => {
    const [, debian = ''] = /^([a-z0-9][a-z0-9+.-]+)_[0-9A-Za-z.+~-]+_all\.deb$/.exec(name) ?? [];
    return debian === '' ? undefined : `pool/${suite}/main/${debian.charAt(0)}/${debian}/${name}`;
  },
};

/** `<suite>/Packages/<first letter>/<file>`, as in Fedora's repositories; dnf knows a suite as a repository. */
export const rpmKind: PackageKind = {
  ending: '.rpm',
  names: '<package>-<version>-<release>.noarch.rpm',
  pathOf: (name, suite) =>
    /^[a-z0-9][a-z0-9+.-]+-[0-9A-Za-z.+~]+-[0-9A-Za-z.+~]+\.noarch\.rpm$/.test(name)
      ? `${suite}/Packages/${name.charAt(0)}/${name}`
      : undefined,
};

function poolPath(file: string, name: string, suite: string, { names, pathOf }: PackageKind): string {
  const path = pathOf(name, suite);
  if (path !== undefined) return path;
  const hint = 'publish the package that pvdisc build made, under its original name';
  throw refused(file, `is not named as a package of a release: ${names}`, hint);
}

function changed(file: string, found: string, expected: string): PipelineError {
  const hint = 'the release was damaged or changed after the build: build it again, or get it again';
  return refused(file, `has sha256 ${found}, but ${sumsName} says ${expected}`, hint);
}

function refused(place: string, message: string, hint: string): PipelineError {
  return new PipelineError('input', { place, message, hint });
}
