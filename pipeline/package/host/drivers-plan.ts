import { discName, packageName } from '../../manifest/names.ts';
import { discsFolder, familyLinks, releaseFolder } from '../../model/host-paths.ts';
import { textFile, withFolders } from '../contents.ts';
import { osinfoDropIns } from '../osinfo/drop-ins.ts';
import type { HostPlan, PlanInput } from './define.ts';
import { discRecord } from './disc-record.ts';
import { driversReadme } from './drivers-readme.ts';
import { driversTree } from './drivers-tree.ts';
import { loadableFiles } from './loadable-files.ts';
import { discPriority } from './priorities.ts';
import { fillScripts } from './scripts.ts';

/** Plans the package of unpacked drivers, by driver and by Windows version, with drop-ins for osinfo-db. */
export function driversPlan({ manifest, tree, discs, metadata, own, format }: PlanInput): HostPlan {
  const name = packageName(manifest, 'drivers');
  const disc = packageName(manifest);
  const folder = `${releaseFolder(disc)}/drivers`;
  const { family } = manifest.release;
  const links = familyLinks[family];
  // virt-v2v and osinfo-db prepare guests of KVM.
  const isForKvm = family === 'virtio';
  const { entries, apart } = driversTree(tree, folder, isForKvm ? loadableFiles(tree, tree.drivers) : []);
  // By this the host command sees that the installed disc is another one.
  const record = discRecord({
    kind: 'drivers',
    iso: discs.iso,
    packageName: disc,
    drivers: [],
    manifest,
    metadata,
  });
  const dropIns = isForKvm
    ? osinfoDropIns({
        packageName: disc,
        targets: manifest.targets,
        packages: tree.packages.filter(({ inf }) => !apart.some((path) => inf.startsWith(path))),
        drivers: tree.drivers,
      })
    : [];
  return {
    name,
    kind: 'drivers',
    family,
    contents: withFolders([
      ...entries,
      textFile(`${folder}/${discName(manifest)}.disc`, record),
      // Exists even without drivers, so that virt-v2v does not get the disc instead.
      ...(isForKvm ? [{ kind: 'folder', path: `${folder}/loadable` } as const] : []),
      ...dropIns.map(({ path, text }) => textFile(path.slice(1), text)),
      ...format.documents(name, metadata, driversReadme(manifest, apart)),
    ]),
    scripts: fillScripts(
      own.scripts,
      { kind: 'drivers', names: format.scripts },
      {
        PACKAGE: name,
        DRIVERS: `/${folder}`,
        LINK: `/${discsFolder}/${links.drivers}`,
        LINK_NAME: links.driversName,
        PRIORITY: String(discPriority(tree.drivers, manifest)),
      },
    ),
  };
}
