import { isBuiltFor, isSelected } from '../../model/selection.ts';
import { targetPath } from '../../model/target.ts';
import { defineRule } from '../define.ts';

export const driverMissingTarget = defineRule({
  id: 'driver/missing-target',
  severity: 'warning',
  scope: 'release',
  explain: `A driver is missing for a target (Windows and architecture) that it is built for and that the disc serves with other drivers. Its manifest file declares the targets with "windows", "arch", "folders" and "without".
A guest of that target finds no driver for the device.
Add a source that contains it. If the driver is not built for that target, declare it in the manifest file; if the release does not want it, exclude the target with "select".`,
  check: ({ manifest, packages }) => {
    const onDisc = new Set(packages.map(({ target }) => targetPath(target)));
    const targets = manifest.targets.filter((row) => onDisc.has(targetPath(row)));
    const served = new Set(packages.map(({ driver, target }) => `${driver} ${targetPath(target)}`));
    const drivers = new Set(packages.map(({ driver }) => driver));
    return manifest.drivers
      .filter(({ name }) => drivers.has(name))
      .flatMap((driver) => {
        const missing = targets
          .filter((target) => isBuiltFor(driver, target) && isSelected(manifest.release, { driver, target }))
          .map(targetPath)
          .filter((path) => !served.has(`${driver.name} ${path}`));
        if (missing.length === 0) return [];
        return [
          {
            path: driver.name,
            message: `is missing for ${missing.join(', ')}`,
            hint: 'add a source that contains it, or declare in its manifest file that it is not built for that target',
          },
        ];
      });
  },
});
