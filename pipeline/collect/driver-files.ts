import satisfies from 'semver/functions/satisfies.js';
import type { DriverEntry } from '../manifest/manifest.ts';
import type { SourceFile } from '../sources/define.ts';
import { allOrProblems } from './all-problems.ts';
import type { Claim } from './claim.ts';
import { type ClaimedFile, type ClaimedPackage, claimPackage, symbolsOf } from './claim-package.ts';
import type { SourceIndex } from './source-index.ts';

/** What a driver has in one build folder for one target. */
export interface DriverFiles {
  readonly packages: readonly ClaimedPackage[];
  readonly extras: readonly ClaimedFile[];
  readonly missingExtras: readonly string[];
}

/** A claim with the files that it has. */
export interface DriverClaim {
  readonly claim: Claim;
  readonly files: DriverFiles;
}

/** Returns the INFs of a driver that a folder of a source holds. */
export function driverInfs(driver: DriverEntry, source: SourceIndex, folder: string): SourceFile[] {
  return driver.inf.flatMap((name) => source.find(folder, name) ?? []);
}

/** Returns the files of a driver for a target: its INFs, what they name, the manifest's extras, and debug symbols of all of these. */
export async function driverFiles({ driver, source, folder, target }: Claim): Promise<DriverFiles> {
  const packages = await allOrProblems(driverInfs(driver, source, folder), (inf) =>
    claimPackage(source, inf, target.arch),
  );
  const expected = driver.extras.filter(({ windows }) => satisfies(target.version, windows ?? '*'));
  const extras = expected.flatMap(({ file: name }): ClaimedFile[] => {
    const file = source.find(folder, name);
    return file === undefined ? [] : [{ file, role: 'extra' }, ...symbolsOf(source, file)];
  });
  return {
    packages,
    extras,
    missingExtras: expected
      .filter(({ file }) => source.find(folder, file) === undefined)
      .map(({ file }) => file),
  };
}
