import { setupFolder, setupPackages } from '../../model/disc-layout.ts';
import { targetPath } from '../../model/target.ts';
import { defineRule } from '../define.ts';

export const setupDriverMissing = defineRule({
  id: 'disc/setup-driver-missing',
  severity: 'error',
  scope: 'release',
  explain: `The release names in "setupDrivers" a Windows for which no storage driver goes into ${setupFolder}.
Windows Setup of that architecture then finds no disk, although the release says that the disc brings the driver.
Choose a Windows that the release has storage drivers for, or remove "drivers" from "setupDrivers"; a driver counts if its file in the manifest says "boot: true".`,
  check: ({ manifest, tree }) => {
    const boot = new Set(manifest.drivers.filter((driver) => driver.boot).map(({ name }) => name));
    const served = new Set<string>(
      setupPackages(manifest, tree)
        .filter(({ driver }) => boot.has(driver))
        .map(({ target }) => targetPath(target)),
    );
    return (manifest.release.setupDrivers?.targets ?? [])
      .filter((target) => !served.has(target))
      .map((target) => ({
        path: setupFolder,
        message: `has no storage driver for ${target}`,
        hint: 'choose another target in "setupDrivers" of the release, or add the driver for this one',
      }));
  },
});
