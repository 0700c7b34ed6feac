import { targetPath } from '../collect/folders.ts';
import { defineRule } from '../define.ts';

export const driverMissingTarget = defineRule({
  id: 'driver/missing-target',
  severity: 'info',
  scope: 'release',
  explain: `A driver of the disc is not there for every Windows and architecture for which the disc has other drivers.
A guest of that kind finds no driver for the device.
Add a source that has it; where nobody builds the driver for that target, nothing is to be done.`,
  check: ({ manifest, packages }) => {
    const onDisc = new Set(packages.map(({ target }) => targetPath(target)));
    const targets = manifest.targets.map(targetPath).filter((path) => onDisc.has(path));
    const served = new Set(packages.map(({ driver, target }) => `${driver} ${targetPath(target)}`));
    return [...new Set(packages.map(({ driver }) => driver))].flatMap((driver) => {
      const missing = targets.filter((path) => !served.has(`${driver} ${path}`));
      if (missing.length === 0) return [];
      return [
        {
          path: driver,
          message: `is missing for ${missing.join(', ')}`,
          hint: 'add a source that has it, where it is built for that target',
        },
      ];
    });
  },
});
