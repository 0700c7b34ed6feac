import { associatesDevice, infServices } from '../formats/inf/install.ts';
import { modelsSections } from '../formats/inf/models.ts';
import { deviceName, driverVersion, versionFacts } from '../formats/inf/version.ts';
import type { DriverFacts } from '../model/driver-facts.ts';
import { packageLoads } from './boot-drivers.ts';
import { installs, type PackageFacts, usedModels } from './package-facts.ts';

/** Returns the facts of a driver package for reports and records. */
export function driverFacts(driverPackage: PackageFacts): DriverFacts {
  const { driver, target, inf, parsed, verdict, signature } = driverPackage;
  const name = deviceName(parsed)?.value ?? modelsSections(parsed)[0]?.models[0]?.description;
  const { provider, class: setupClass } = versionFacts(parsed);
  const models = usedModels(driverPackage);
  const loads = installs(driverPackage) ? packageLoads(driverPackage) : undefined;
  const driverVer = driverVersion(parsed, target.arch)?.raw;
  return {
    driver,
    target,
    inf,
    ...(name !== undefined && { name }),
    ...(provider !== undefined && { provider }),
    ...(driverVer !== undefined && { driverVer }),
    hardwareIds: eachOnce(models.flatMap(({ hardwareId }) => hardwareId ?? [])),
    compatibleIds: eachOnce(models.flatMap(({ compatibleIds }) => compatibleIds)),
    ...(setupClass !== undefined && { class: setupClass }),
    services: eachOnce(
      infServices(parsed, target.arch)
        .filter((service) => service.name !== '' && associatesDevice(service))
        .map((service) => service.name),
    ),
    signature,
    verdict,
    ...(loads !== undefined && { loads }),
  };
}

/** Keeps the first spelling of each name; Windows compares IDs and services without case. */
function eachOnce(names: readonly string[]): string[] {
  const first = new Map<string, string>();
  for (const name of names) if (!first.has(name.toLowerCase())) first.set(name.toLowerCase(), name);
  return [...first.values()];
}
