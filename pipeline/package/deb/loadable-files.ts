import { isLoadedAsInstalled } from '../../formats/windows/signing-policy.ts';
import type { DriverFacts } from '../../model/driver-facts.ts';
import { driverFolders } from '../../model/driver-folders.ts';
import type { DiscFile, DriverTree } from '../../model/driver-tree.ts';

/**
 * Returns the files for virt-v2v, which takes drivers by folder whatever their signature and then makes the disk virtio: those of the
 * driver folders whose every INF the Windows loads without test-signing mode, and the guest agent.
 */
export function loadableFiles(
  tree: Pick<DriverTree, 'files' | 'packages'>,
  drivers: readonly DriverFacts[],
): DiscFile[] {
  const factsByInf = new Map(drivers.map((facts) => [facts.inf, facts]));
  const refused = tree.packages.filter(({ inf }) => !isLoadedAsInstalled(factsByInf.get(inf)?.loads));
  const folders = driverFolders(tree).filter(({ path }) => !refused.some(({ inf }) => inf.startsWith(path)));
  return [
    ...folders.flatMap(({ files }) => files.filter(({ role }) => role !== 'symbols')),
    ...tree.files.filter(({ path, role }) => role === 'companion' && path.startsWith('guest-agent/')),
  ];
}
