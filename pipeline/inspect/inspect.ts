import { packageTree } from '../collect/undescribed-tree.ts';
import type { RunContext } from '../core/context.ts';
import { maxDriverFileBytes } from '../core/limits.ts';
import { byCodeUnit } from '../core/order.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { recordedFacts } from '../model/driver-facts.ts';
import type { DiscFile } from '../model/driver-tree.ts';
import { summariseLoads } from '../model/load-summary.ts';
import { unknown } from '../model/target.ts';
import type { SourceTree } from '../sources/define.ts';
import type { Rule } from '../validate/define.ts';
import { driverFacts } from '../validate/driver-facts.ts';
import { readFacts, type TreeFacts, tooLarge } from '../validate/facts.ts';
import { inspectTree } from '../validate/judge.ts';
import { type PackageFacts, packageFacts } from '../validate/package-facts.ts';
import type { InspectedFile, InspectedPackage, Inspection } from './inspection-schema.ts';
import { installFacts } from './install-facts.ts';

type Known = Pick<Manifest, 'drivers' | 'targets'>;
type Context = Pick<RunContext, 'signal' | 'reporter'>;

/** Lists the drivers of a folder or disc, with the findings of all rules that need no release. */
export async function inspect(
  source: SourceTree,
  known: Known,
  context: Context,
  more: readonly Rule[] = [],
): Promise<Inspection> {
  const { inspected, judged } = await readInspected(source, known, context);
  const { packages, files, problems } = inspected;
  return {
    schemaVersion: 1,
    packages,
    files,
    findings: inspectTree(judged, more),
    problems,
    loads: summariseLoads(packages, known.targets),
  };
}

/** The drivers of a folder or disc, without findings. */
export type InspectedDrivers = Pick<Inspection, 'packages' | 'files' | 'problems'>;

/** Lists the drivers of a folder or disc without running the rules. */
export async function inspectDrivers(
  source: SourceTree,
  known: Known,
  context: Context,
): Promise<InspectedDrivers> {
  return (await readInspected(source, known, context)).inspected;
}

async function readInspected(source: SourceTree, known: Known, context: Context) {
  const { tree, problems } = await packageTree(source, known, context);
  const facts = await readFacts({ files: tree.files.filter(isReadable) }, context);
  const packages = packageFacts(tree, facts, known.targets);
  const files = new Map(tree.files.map((file) => [file.path, inspectedFile(file, facts)]));
  const inspected: InspectedDrivers = {
    packages: packages
      .map((found) => inspectedPackage(found, files))
      .sort((a, b) => byCodeUnit(a.inf, b.inf)),
    files: [...files.values()].sort((a, b) => byCodeUnit(a.path, b.path)),
    problems: [
      ...problems,
      ...tree.files.filter((file) => isDriverFile(file) && !isReadable(file)).map(tooLarge),
    ],
  };
  return { inspected, judged: { tree, facts, packages } };
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

function inspectedPackage(found: PackageFacts, files: ReadonlyMap<string, InspectedFile>): InspectedPackage {
  const facts = recordedFacts(driverFacts(found));
  return {
    ...facts,
    ...(found.anyArch && { target: { ...facts.target, arch: unknown } }),
    files: [...new Set(found.files)].sort(byCodeUnit).flatMap((path) => files.get(path) ?? []),
    missing: [...new Set(found.missing.map(({ name }) => name))].sort(byCodeUnit),
    install: installFacts(found),
  };
}
