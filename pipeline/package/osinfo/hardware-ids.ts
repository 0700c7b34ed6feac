import type { RunContext } from '../../core/context.ts';
import type { TargetRow } from '../../manifest/targets-schema.ts';
import type { DriverTree } from '../../types.ts';
import { readFacts } from '../../validate/facts.ts';
import { packageFacts, usedModels } from '../../validate/package-facts.ts';

/** Hardware ids by the path of the INF on the disc. */
export type HardwareIds = ReadonlyMap<string, readonly string[]>;

/** Reads from the INFs of a tree which devices each driver package offers the Windows of its folder. */
export async function readHardwareIds(
  { files, packages }: Pick<DriverTree, 'files' | 'packages'>,
  targets: readonly TargetRow[],
  context: Pick<RunContext, 'signal' | 'reporter'>,
): Promise<HardwareIds> {
  const infs = files.filter(({ role }) => role === 'inf');
  const found = packageFacts({ packages }, await readFacts({ files: infs }, context), targets);
  return new Map(
    found.map((driverPackage) => [
      driverPackage.inf,
      usedModels(driverPackage).flatMap(({ hardwareId }) => hardwareId ?? []),
    ]),
  );
}
