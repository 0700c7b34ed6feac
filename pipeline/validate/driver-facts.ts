import type { DriverFacts } from '../types.ts';
import { modelsSections } from '../windows/inf-models.ts';
import { deviceName, driverVersion, versionFacts } from '../windows/inf-version.ts';
import { loadCondition } from '../windows/signing-policy.ts';
import type { PackageFacts } from './package-facts.ts';

/** Returns what a driver package says of itself, as people and records are told. */
export function driverFacts({
  driver,
  target,
  row,
  inf,
  parsed,
  verdict,
  signature,
}: PackageFacts): DriverFacts {
  const name = deviceName(parsed)?.value ?? modelsSections(parsed)[0]?.models[0]?.description;
  const { provider } = versionFacts(parsed);
  const driverVer = driverVersion(parsed)?.raw;
  return {
    driver,
    target,
    inf,
    ...(name !== undefined && { name }),
    ...(provider !== undefined && { provider }),
    ...(driverVer !== undefined && { driverVer }),
    signature,
    verdict,
    ...(row !== undefined && { loads: loadCondition(signature, row) }),
  };
}
