import type { DriverFamily } from '../../formats/windows/driver-family.ts';
import type { FurtherPackage } from '../../manifest/package-schema.ts';
import type { PackedEntry, TarFile } from '../contents.ts';
import type { PackagerInput } from '../define.ts';
import type { DebMetadata } from '../metadata/metadata.ts';
import type { OwnFiles } from './own-files.ts';

/** A package to create: its entries, including folders, and its maintainer scripts by name. */
export interface HostPlan {
  readonly name: string;
  readonly kind: 'disc' | FurtherPackage;
  readonly family: DriverFamily;
  readonly contents: readonly PackedEntry[];
  readonly scripts: ReadonlyMap<string, string>;
}

/** How a package manager takes the same files: with which scripts, commands in them, and documents. */
export interface HostFormat {
  readonly scripts: readonly string[];
  /** `OWNER` finds the package of a file, `PURGE` removes a disc that is kept after its package. */
  readonly commands: (packageName: string) => Readonly<Record<'OWNER' | 'PURGE', string>>;
  readonly documents: (packageName: string, metadata: DebMetadata, readme: string) => TarFile[];
}

export interface PlanInput extends Pick<PackagerInput, 'manifest' | 'tree' | 'discs'> {
  readonly format: HostFormat;
  readonly metadata: DebMetadata;
  readonly own: OwnFiles;
}
