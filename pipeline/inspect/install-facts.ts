import { copiesOf } from '../formats/inf/files.ts';
import { associatesDevice, destinationFolder, type InfService, servicesOf } from '../formats/inf/install.ts';
import { registryOf } from '../formats/inf/registry.ts';
import { type PackageFacts, usedInstalls } from '../validate/package-facts.ts';
import type { InstallFacts } from './inspection-schema.ts';

/** Returns what the INF of a package installs on the Windows of its folder. */
export function installFacts(driverPackage: PackageFacts): InstallFacts {
  const { parsed, target } = driverPackage;
  const installs = usedInstalls(driverPackage);
  return {
    services: servicesOf(parsed, installs).map(serviceFacts),
    registry: registryOf(parsed, target.arch, installs),
    files: copiesOf(parsed, target.arch, installs).map(({ source, target: name, list }) => {
      const folder = destinationFolder(parsed, list);
      const file = name.toLowerCase();
      return { source, target: folder === undefined ? file : `${folder}\\${file}` };
    }),
  };
}

function serviceFacts(service: InfService): InstallFacts['services'][number] {
  const { line, flags, section, ...facts } = service;
  return { ...facts, function: associatesDevice(service) };
}
