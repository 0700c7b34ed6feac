import prettyBytes from 'pretty-bytes';
import { assemble } from './assemble/assemble.ts';
import { attest } from './attest/attest.ts';
import { collect } from './collect/collect.ts';
import type { BuildContext, ReleaseContext } from './core/context.ts';
import { plural } from './core/text.ts';
import type { Manifest } from './manifest/manifest.ts';
import type { DriverFacts } from './model/driver-facts.ts';
import type { DriverTree } from './model/driver-tree.ts';
import type { Severity } from './model/finding.ts';
import type { BuiltRelease, IsoImage, PackagerOptions } from './model/release.ts';
import type { ValidatedTree } from './model/validated-tree.ts';
import { pack } from './package/package.ts';
import { readPackageInputs } from './package/package-inputs.ts';
import { releaseTools } from './release-tools.ts';
import type { Rule } from './validate/define.ts';
import { driverFacts } from './validate/driver-facts.ts';
import { type Judgement, judge } from './validate/judge.ts';
import { validate } from './validate/validate.ts';

/** The stages of a build, in order; `pvdisc check` runs the first two. */
export const stageNames = [collect, validate, assemble, pack, attest].map(({ name }) => name);

export async function buildRelease(
  manifest: Manifest,
  options: PackagerOptions,
  context: BuildContext,
): Promise<BuiltRelease> {
  const { reporter } = context;
  const collected = await collectRelease(manifest, context);
  const tree = await reporter.stage(
    validate.name,
    () => validate.run({ manifest, tree: collected }, context),
    ({ findings }) => summariseFindings(findings),
  );
  const discs = await reporter.stage(
    assemble.name,
    () => assemble.run({ manifest, tree }, context),
    ({ iso, symbols }) => [iso, ...(symbols ? [symbols] : [])].map(summariseDisc).join('; '),
  );
  const artifacts = await reporter.stage(
    pack.name,
    () => pack.run({ manifest, tree, discs, options }, context),
    (made) => made.map(({ name, content }) => `${name}, ${prettyBytes(content.size)}`).join('; '),
  );
  const tools = releaseTools(manifest, options);
  const packageInputs = await readPackageInputs(manifest);
  return reporter.stage(
    attest.name,
    () => attest.run({ manifest, tree, discs, artifacts, options, tools, packageInputs }, context),
    ({ files }) => files.join(', '),
  );
}

/** A collected release with the findings and problems of all rules, and the facts of its driver packages. */
export interface CheckedRelease extends Judgement {
  readonly tree: DriverTree;
  readonly drivers: readonly DriverFacts[];
}

/** Collects and validates a release without building it. */
export async function checkRelease(
  manifest: Manifest,
  context: ReleaseContext,
  more: readonly Rule[] = [],
): Promise<CheckedRelease> {
  const tree = await collectRelease(manifest, context);
  return context.reporter.stage(
    validate.name,
    async () => {
      const judged = await judge(manifest, tree, context, more);
      return { tree, drivers: judged.packages.map(driverFacts), ...judged };
    },
    ({ findings }) => summariseFindings(findings),
  );
}

function collectRelease(manifest: Manifest, context: ReleaseContext): Promise<DriverTree> {
  return context.reporter.stage(
    collect.name,
    () => collect.run(manifest, context),
    ({ files, packages }) => `${plural(files.length, 'file')}, ${plural(packages.length, 'driver package')}`,
  );
}

function summariseDisc({ name, files, content }: IsoImage): string {
  return `${plural(files.length, 'file')} on ${name}, ${prettyBytes(content.size)}`;
}

function summariseFindings(findings: ValidatedTree['findings']): string {
  const accepted = findings.filter((finding) => finding.accepted !== undefined).length;
  const count = (kind: Severity) =>
    findings.filter((finding) => finding.severity === kind && finding.accepted === undefined).length;
  return `${plural(count('warning'), 'warning')}, ${plural(count('info'), 'info')}, ${plural(accepted, 'accepted finding')}`;
}
