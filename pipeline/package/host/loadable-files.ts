import { isLoadedAsInstalled } from '../../formats/windows/signing-policy.ts';
import type { DriverFacts } from '../../model/driver-facts.ts';
import { driverFolders } from '../../model/driver-folders.ts';
import type { DiscFile, DriverTree } from '../../model/driver-tree.ts';

/**
 * Returns the files for virt-v2v: driver folders in which Windows loads every INF without test-signing mode, and the guest agent.
 * virt-v2v takes drivers by folder, ignores their signatures and then switches the disk to virtio.
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
