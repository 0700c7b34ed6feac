import { modelIds } from '../formats/inf/models.ts';
import { knownDevice } from '../formats/windows/device-query.ts';
import type { GuestDevice } from '../formats/windows/guest-device.ts';
import { malformedPart, parseHardwareId } from '../formats/windows/hardware-id.ts';
import { targetPath } from '../model/target.ts';
import { type PackageFacts, usedModels } from './package-facts.ts';

/** Which known devices a tree serves: for each target with a Windows, in the order of the packages. */
export interface ServedDevices {
  readonly targets: readonly string[];
  /** Targets by device ID; devices that no driver serves are absent. */
  readonly byId: ReadonlyMap<string, ReadonlySet<string>>;
  /** Devices by kind, each once. */
  readonly byKind: ReadonlyMap<string, readonly GuestDevice[]>;
  /** The first driver of each kind. */
  readonly drivers: ReadonlyMap<string, string>;
}

/** Returns the known devices that the packages serve on the Windows of their folders. */
export function servedDevices(packages: readonly PackageFacts[]): ServedDevices {
  const targets = new Set<string>();
  const byId = new Map<string, Set<string>>();
  const byKind = new Map<string, Map<string, GuestDevice>>();
  const drivers = new Map<string, string>();
  for (const driverPackage of packages) {
    if (driverPackage.row === undefined) continue;
    const target = targetPath(driverPackage.target);
    targets.add(target);
    for (const id of usedModels(driverPackage).flatMap(modelIds)) {
      const device = malformedPart(id) === undefined ? knownDevice(parseHardwareId(id)) : undefined;
      if (device === undefined) continue;
      byId.set(device.id, (byId.get(device.id) ?? new Set()).add(target));
      byKind.set(device.kind, (byKind.get(device.kind) ?? new Map()).set(device.id, device));
      if (!drivers.has(device.kind)) drivers.set(device.kind, driverPackage.driver);
    }
  }
  return {
    targets: [...targets],
    byId,
    byKind: new Map([...byKind].map(([kind, devices]) => [kind, [...devices.values()]])),
    drivers,
  };
}
