import { isBuiltFor, isSelected } from '../../model/selection.ts';
import { targetPath } from '../../model/target.ts';
import { defineRule } from '../define.ts';

export const driverMissingTarget = defineRule({
  id: 'driver/missing-target',
  severity: 'warning',
  scope: 'release',
  explain: `A driver of the disc is not there for a Windows and architecture for which it is built and for which the disc has other drivers: its file in the manifest says by "windows", "arch", "folders" and "without" what it is built for.
A guest of that kind finds no driver for the device.
Add a source that has it. Where nobody builds the driver for that target, say so in its file; where the release does not want it, leave the target out under "select".`,
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
            hint: 'add a source that has it, or say in its file that it is not built for that target',
          },
        ];
      });
  },
});
