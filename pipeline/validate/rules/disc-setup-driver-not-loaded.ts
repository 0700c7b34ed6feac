import { setupFolder, setupPackages } from '../../model/disc-layout.ts';
import { loadWords } from '../../model/signature-words.ts';
import { packageLoads } from '../boot-drivers.ts';
import { defineRule } from '../define.ts';

export const setupDriverNotLoaded = defineRule({
  id: 'disc/setup-driver-not-loaded',
  severity: 'warning',
  scope: 'release',
  explain: `A driver in ${setupFolder} is not signed as its Windows requires.
Windows Setup takes it without asking, but does not load it: it finds no disk, or the first start of the installed Windows fails.
Sign the driver, or leave it out with "drivers" of "setupDrivers" in the release.`,
  check: ({ manifest, packages }) =>
    setupPackages(manifest, { packages }).flatMap((driverPackage) => {
      const loads = packageLoads(driverPackage);
      if (loads !== 'never' && loads !== 'test-signing') return [];
      return [
        {
          path: driverPackage.inf,
          message: `is in ${setupFolder}, but ${loadWords[loads]}`,
          hint: 'sign it, or leave it out: "drivers" of "setupDrivers" in the release',
        },
      ];
    }),
});
