import type { Manifest } from '../manifest/manifest.ts';
import type { PackageFormat } from '../manifest/package-schema.ts';
import { deb } from './deb.ts';
import type { Packager } from './define.ts';
import { oci } from './oci.ts';
import { rpm } from './rpm.ts';

/** All output formats by name. */
export const packagers = { deb, oci, rpm } as const satisfies Readonly<Record<PackageFormat, Packager>>;

/** Returns the packagers of the formats that a release asks for, in the order of the registry. */
export function packagersOf({ release }: Pick<Manifest, 'release'>): Packager[] {
  return Object.values(packagers).filter(({ format }) => release.package.formats.includes(format));
}
