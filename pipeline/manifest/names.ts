import type { Manifest } from './manifest.ts';
import type { FurtherPackage } from './package-schema.ts';

/** What the names of a release's discs and packages are made of. */
type Named = Pick<Manifest, 'release'>;

/** Tells whether a release asks for a package beside that of its disc. */
export function asksFor({ release }: Named, further: FurtherPackage): boolean {
  return release.package.also.includes(further);
}

/** Tells whether the metadata of a release's packages is in the release itself, not in a folder. */
export function describesPackages({ release }: Named): boolean {
  return release.package.maintainer !== undefined;
}

/** Returns the name of the package with a release's disc (undefined), its symbols or its unpacked drivers. */
export function packageName({ release }: Named, further?: FurtherPackage): string {
  return further === undefined ? release.package.name : `${release.package.name}-${further}`;
}

/** Returns the names of all packages of a release, the disc's package first. */
export function packageNames(manifest: Named): string[] {
  const further = manifest.release.package.also.toSorted().reverse();
  return [packageName(manifest), ...further.map((kind) => packageName(manifest, kind))];
}

/** Returns the volume label of the disc of debug symbols; `-pdb` is what leaves room for the name. */
export function symbolsLabel({ label }: Pick<Manifest, 'label'>): string {
  return `${label}-pdb`;
}

/** Returns `<name>-<version>`: the release's folder, its disc without `.iso`, and what its installed record is called. */
export function discName({ release }: Named): string {
  return `${release.name}-${release.version}`;
}

/** Returns the name of the disc of debug symbols, without `.iso`. */
export function symbolsDiscName({ release }: Named): string {
  return `${release.name}-symbols-${release.version}`;
}
