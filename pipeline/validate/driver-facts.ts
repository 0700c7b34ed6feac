import { modelsSections } from '../formats/inf/models.ts';
import { deviceName, driverVersion, versionFacts } from '../formats/inf/version.ts';
import type { DriverFacts } from '../model/driver-facts.ts';
import { packageLoads } from './boot-drivers.ts';
import { installs, type PackageFacts, usedModels } from './package-facts.ts';

/** Returns the facts of a driver package for reports and records. */
export function driverFacts(driverPackage: PackageFacts): DriverFacts {
  const { driver, target, inf, parsed, verdict, signature } = driverPackage;
  const name = deviceName(parsed)?.value ?? modelsSections(parsed)[0]?.models[0]?.description;
  const { provider } = versionFacts(parsed);
  const loads = installs(driverPackage) ? packageLoads(driverPackage) : undefined;
  const driverVer = driverVersion(parsed, target.arch)?.raw;
  return {
    driver,
    target,
    inf,
    ...(name !== undefined && { name }),
    ...(provider !== undefined && { provider }),
    ...(driverVer !== undefined && { driverVer }),
    hardwareIds: usedModels(driverPackage).flatMap(({ hardwareId }) => hardwareId ?? []),
    signature,
    verdict,
    ...(loads !== undefined && { loads }),
  };
}
