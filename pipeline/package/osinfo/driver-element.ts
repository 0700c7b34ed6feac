import { byCodeUnit } from '../../core/order.ts';
import { signatureStates } from '../../formats/signature/signature.ts';
import { isLoadedAsInstalled } from '../../formats/windows/signing-policy.ts';
import { type Arch, archFacts } from '../../formats/windows/targets.ts';
import type { TargetRow } from '../../manifest/targets-schema.ts';
import type { DriverFacts } from '../../model/driver-facts.ts';
import type { DriverPackage } from '../../model/driver-tree.ts';
import { targetPath } from '../../model/target.ts';
import { osinfoDevices } from './devices.ts';
import type { XmlElement } from './xml.ts';

/** Architecture names of the osinfo schema. */
const osinfoArchs: Readonly<Record<Arch, string>> = { x86: 'i686', amd64: 'x86_64', ARM64: 'aarch64' };

/**
 * Returns one `<driver>` for all driver packages of a target, since virt-v2v uses only one; undefined if Windows would load none
 * of them or osinfo-db knows none of their devices.
 */
export function driverElement(
  { packageName, packages, drivers }: OsinfoInput,
  row: TargetRow,
): XmlElement | undefined {
  const factsByInf = new Map(drivers.map((facts) => [facts.inf, facts]));
  const offered = packages
    .filter(({ target }) => targetPath(target) === targetPath(row))
    .flatMap((driverPackage) => {
      const facts = factsByInf.get(driverPackage.inf);
      // Windows Setup has no test-signing mode, and virt-install uses a virtio disk if any driver is listed for it.
      return isLoadedAsInstalled(facts?.loads) && facts !== undefined ? [{ driverPackage, facts }] : [];
    });
  const devices = osinfoDevices(offered.flatMap(({ facts }) => facts.hardwareIds));
  if (devices.length === 0) return undefined;
  const files = [...new Set(offered.flatMap(({ driverPackage }) => filesInFolder(driverPackage)))];
  const states = offered.map(({ facts }) => facts);
  return {
    name: 'driver',
    attributes: {
      arch: osinfoArchs[row.arch],
      location: `file:///usr/share/virtio-win/releases/${packageName}/drivers/by-os/${archFacts[row.arch].bootFolder}/${row.os}/`,
      'pre-installable': 'true',
      signed: String(states.every(isSignedByVendorOfOs)),
      priority: String(priority(states)),
    },
    content: [
      ...files.sort(byCodeUnit).map((file): XmlElement => ({ name: 'file', content: file })),
      ...devices.map((id): XmlElement => ({ name: 'device', attributes: { id } })),
    ],
  };
}

/** Returns what osinfo calls signed: by the operating system vendor, and accepted by this Windows. */
function isSignedByVendorOfOs({ signature, loads }: DriverFacts): boolean {
  return signature === 'whql' || (signature === 'attested' && loads === 'secure-boot');
}

/** Above the 50 of osinfo-db's own drivers, which need a download; among releases, the best worst signature wins. */
function priority(facts: readonly DriverFacts[]): number {
  const worst = Math.min(...facts.map(({ signature }) => signatureStates.indexOf(signature)));
  return 60 + 10 * worst;
}

/** Returns paths below the by-os folder, which contains the files of `<Driver>/<os>/<arch>/`. */
function filesInFolder({ driver, target, files }: DriverPackage): string[] {
  const folder = `${driver}/${targetPath(target)}/`;
  return files.map((path) => (path.startsWith(folder) ? path.slice(folder.length) : path));
}

/** Drivers installed at `/usr/share/virtio-win/releases/<packageName>/drivers`. */
export interface OsinfoInput {
  /** Debian package of the disc. */
  readonly packageName: string;
  readonly targets: readonly TargetRow[];
  readonly packages: readonly DriverPackage[];
  readonly drivers: readonly DriverFacts[];
}
