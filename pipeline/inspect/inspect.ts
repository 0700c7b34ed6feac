import { packageTree } from '../collect/undescribed-tree.ts';
import type { RunContext } from '../core/context.ts';
import { maxDriverFileBytes } from '../core/limits.ts';
import { byCodeUnit } from '../core/order.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type DriverFacts, recordedFacts } from '../model/driver-facts.ts';
import type { DiscFile } from '../model/driver-tree.ts';
import { summariseLoads } from '../model/load-summary.ts';
import { unknown } from '../model/target.ts';
import type { SourceTree } from '../sources/define.ts';
import type { Rule } from '../validate/define.ts';
import { driverFacts } from '../validate/driver-facts.ts';
import { readFacts, type TreeFacts, tooLarge } from '../validate/facts.ts';
import { inspectTree } from '../validate/judge.ts';
import { packageFacts } from '../validate/package-facts.ts';
import type { InspectedFile, InspectedPackage, Inspection } from './inspection-schema.ts';

/** Lists the drivers of a folder or disc, with the findings of all rules that need no release. */
export async function inspect(
  source: SourceTree,
  known: Pick<Manifest, 'drivers' | 'targets'>,
  context: Pick<RunContext, 'signal' | 'reporter'>,
  more: readonly Rule[] = [],
): Promise<Inspection> {
  const { tree, problems } = await packageTree(source, known, context);
  const facts = await readFacts({ files: tree.files.filter(isReadable) }, context);
  const packages = packageFacts(tree, facts, known.targets);
  const files = new Map(tree.files.map((file) => [file.path, inspectedFile(file, facts)]));
  const inspected = packages
    .map((found) => ({ found, shown: inspectedPackage(driverFacts(found), found.files, files) }))
    .map(({ found: { anyArch }, shown }) =>
      anyArch ? { ...shown, target: { ...shown.target, arch: unknown } } : shown,
    )
    .sort((a, b) => byCodeUnit(a.inf, b.inf));
  return {
    schemaVersion: 1,
    packages: inspected,
    files: [...files.values()].sort((a, b) => byCodeUnit(a.path, b.path)),
    findings: inspectTree({ tree, facts, packages }, more),
    problems: [
      ...problems,
      ...tree.files.filter((file) => isDriverFile(file) && !isReadable(file)).map(tooLarge),
    ],
    loads: summariseLoads(inspected, known.targets),
  };
}

function isReadable(file: DiscFile): boolean {
  return isDriverFile(file) && file.content.size <= maxDriverFileBytes;
}

/** A tree may also hold other files, such as installers. */
function isDriverFile({ path, role }: DiscFile): boolean {
  return role !== 'extra' || /\.(sys|dll|exe|cat)$/i.test(path);
}

function inspectedFile({ path, content: { sha256, size } }: DiscFile, facts: TreeFacts): InspectedFile {
  const digests = facts.get(path)?.digests;
  if (digests?.kind !== 'pe') return { path, sha256, size };
  return { path, sha256, size, authenticode: { sha1: digests.sha1, sha256: digests.sha256 } };
}

function inspectedPackage(
  facts: DriverFacts,
  paths: readonly string[],
  files: ReadonlyMap<string, InspectedFile>,
): InspectedPackage {
  return {
    ...recordedFacts(facts),
    files: [...new Set(paths)].sort(byCodeUnit).flatMap((path) => files.get(path) ?? []),
  };
}
