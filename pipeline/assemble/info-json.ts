import type { Manifest } from '../manifest/manifest.ts';
import type { DriverFacts } from '../model/driver-facts.ts';

/**
 * Returns `data/info.json`: upstream's shape `{"drivers": [{arch, driver_version, inf_path, name, windows_version}]}`, which tools
 * read, with `driver`, `provider` and `signature` added to each driver and the release's name, version and label beside them.
 */
export function infoJson(
  manifest: Pick<Manifest, 'release' | 'label'>,
  drivers: readonly DriverFacts[],
): string {
  const info = {
    drivers: drivers.map((facts) => ({
      arch: facts.target.arch,
      driver: facts.driver,
      driver_version: facts.driverVer,
      inf_path: facts.inf,
      name: facts.name,
      provider: facts.provider,
      signature: facts.signature,
      windows_version: facts.target.os,
    })),
    label: manifest.label,
    name: manifest.release.name,
    version: manifest.release.version,
  };
  return `${JSON.stringify(info, null, 2)}\n`;
}
