import type { Driver } from './driver-schema.ts';
import type { LedgerEntry } from './ledger-schema.ts';
import type { FileLicense } from './licenses-schema.ts';
import type { Release } from './release-schema.ts';
import type { TargetRow } from './targets-schema.ts';
import type { YamlFile } from './yaml-file.ts';

/** Everything that a build is told: the release with all drivers and targets that it may draw on. */
export interface Manifest {
  readonly release: Release;
  /** What the ledger knows of the disc of a passthrough release; absent in an assembled one. */
  readonly upstream?: LedgerEntry;
  readonly releaseFile: Pick<YamlFile<Release>, 'file' | 'lines'>;
  /** Volume label of the disc. */
  readonly label: string;
  readonly drivers: readonly DriverEntry[];
  readonly targets: readonly TargetRow[];
  readonly targetsFile: Pick<YamlFile<unknown>, 'file' | 'lines'>;
  /** Files with another licence than their driver. */
  readonly fileLicenses: readonly FileLicense[];
  readonly licensesFile: Pick<YamlFile<unknown>, 'file' | 'lines'>;
  /** Files of the licence texts by licence id. */
  readonly licenseFiles: ReadonlyMap<string, string>;
  /** Folder with the Debian metadata, unless the release itself has them (`describesPackages`). */
  readonly metadataDir: string;
}

/** A driver of the manifest and the file that declares it. */
export interface DriverEntry extends Driver {
  readonly file: Pick<YamlFile<Driver>, 'file' | 'lines'>;
}
