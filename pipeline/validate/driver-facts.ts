import type { DriverFacts, DriverTree } from '../types.ts';
import { modelsSections } from '../windows/inf-models.ts';
import { deviceName, driverVersion, versionFacts } from '../windows/inf-version.ts';
import type { TreeFacts } from './facts.ts';

/** Returns what each driver package says of itself, in the order of the INFs' paths. */
export function driverFacts(tree: Pick<DriverTree, 'packages'>, facts: TreeFacts): DriverFacts[] {
  return tree.packages.map(({ driver, target, inf: path, files }): DriverFacts => {
    const inf = facts.get(path)?.inf;
    if (inf === undefined) throw new Error(`${path} passed collection without being parsed`);
    const catalog = files
      .map((file) => facts.get(file)?.signature)
      .find((signature) => signature !== undefined);
    const name = deviceName(inf)?.value ?? modelsSections(inf)[0]?.models[0]?.description;
    const { provider } = versionFacts(inf);
    const driverVer = driverVersion(inf)?.raw;
    return {
      driver,
      target,
      inf: path,
      ...(name !== undefined && { name }),
      ...(provider !== undefined && { provider }),
      ...(driverVer !== undefined && { driverVer }),
      signature: catalog?.state ?? 'unsigned',
      ...(catalog?.signer !== undefined && { signer: catalog.signer }),
    };
  });
}
