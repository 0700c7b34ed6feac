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
import type { ReleaseRecord } from './model/record.ts';
import type { BuiltRelease, IsoImage, PackagerOptions } from './model/release.ts';
import type { ValidatedTree } from './model/validated-tree.ts';
import { pack } from './package/package.ts';
import { readPackageInputs } from './package/package-inputs.ts';
import { releaseTools } from './release-tools.ts';
import { type DriverSigner, releaseRequests, requireSigner, sign } from './sign/sign.ts';
import type { Rule } from './validate/define.ts';
import { driverFacts } from './validate/driver-facts.ts';
import { type Judgement, judge } from './validate/judge.ts';
import { validate } from './validate/validate.ts';

/** The stages of a build, in order; `pvdisc check` runs the first three. Only a release with `sign` runs that one. */
export const stageNames = [collect, sign, validate, assemble, pack, attest].map(({ name }) => name);

interface BuildOptions extends PackagerOptions {
  readonly signer?: DriverSigner;
  /** Compares the release with an earlier one, for its record and its page. */
  readonly changes?: (record: ReleaseRecord) => NonNullable<ReleaseRecord['changes']>;
}

export async function buildRelease(
  manifest: Manifest,
  { signer, changes, ...options }: BuildOptions,
  context: BuildContext,
): Promise<BuiltRelease> {
  const { reporter } = context;
  requireSigner(manifest, signer);
  const collected = await signRelease(manifest, await collectRelease(manifest, context), context, signer);
  const tree = await reporter.stage(
    validate.name,
    () => validate.run({ manifest, tree: collected }, context),
    ({ findings }) => summariseFindings(findings),
  );
  const discs = await reporter.stage(
    assemble.name,
    async () => {
      const { discPage } = await import('./page/disc-page.ts');
      return assemble.run({ manifest, tree, page: discPage(manifest, tree.drivers) }, context);
    },
    ({ iso, symbols }) => [iso, ...(symbols ? [symbols] : [])].map(summariseDisc).join('; '),
  );
  const artifacts = await reporter.stage(
    pack.name,
    () => pack.run({ manifest, tree, discs, options }, context),
    (made) => made.map(({ name, content }) => `${name}, ${prettyBytes(content.size)}`).join('; '),
  );
  const tools = releaseTools(manifest, options);
  const packageInputs = await readPackageInputs(manifest);
  const { releasePage } = await import('./page/release-page.ts');
  const page = (record: ReleaseRecord) => releasePage(record, { targets: manifest.targets });
  return reporter.stage(
    attest.name,
    () =>
      attest.run(
        {
          manifest,
          tree,
          discs,
          artifacts,
          options,
          tools,
          packageInputs,
          page,
          ...(changes && { changes }),
        },
        context,
      ),
    ({ files }) => files.join(', '),
  );
}

/** A collected release with the findings and problems of all rules, and the facts of its driver packages. */
export interface CheckedRelease extends Judgement {
  readonly tree: DriverTree;
  readonly drivers: readonly DriverFacts[];
}

/** Collects and validates a release without building it; a check needs no key and judges what it would sign without a signature. */
export async function checkRelease(
  manifest: Manifest,
  context: ReleaseContext,
  more: readonly Rule[] = [],
): Promise<CheckedRelease> {
  const tree = await signRelease(manifest, await collectRelease(manifest, context), context);
  return context.reporter.stage(
    validate.name,
    async () => {
      const judged = await judge(manifest, tree, context, more);
      return { tree, drivers: judged.packages.map(driverFacts), ...judged };
    },
    ({ findings }) => summariseFindings(findings),
  );
}

/** Collects a release and returns what a key elsewhere has to sign for it. */
export async function requestSignatures(manifest: Manifest, context: ReleaseContext) {
  return releaseRequests(manifest, await collectRelease(manifest, context), context);
}

/** Collects a release, with the catalogs that its `sign` asks for, all without signatures of its own. */
export async function collectForSubmission(manifest: Manifest, context: ReleaseContext): Promise<DriverTree> {
  return signRelease(manifest, await collectRelease(manifest, context), context);
}

async function signRelease(
  manifest: Manifest,
  tree: DriverTree,
  context: ReleaseContext,
  key?: DriverSigner,
): Promise<DriverTree> {
  if (manifest.release.sign === undefined) return tree;
  return context.reporter.stage(
    sign.name,
    () => sign.run({ manifest, tree, ...(key !== undefined && { key }) }, context),
    summariseSigning,
  );
}

function summariseSigning({ signing }: DriverTree): string {
  if (signing === undefined) return '';
  const { certificate, files, signatures } = signing;
  const count = (...states: readonly string[]) =>
    new Set(files.filter(({ state }) => states.includes(state)).map(({ to }) => to)).size;
  const made = plural(count('made'), 'catalog');
  const signed = plural(count('made', 'signed'), 'file');
  const done = `${made} made, ${signed} ${signatures === undefined ? 'to be signed' : 'signed'} by "${certificate.name}"`;
  return `${done}, ${count('unchanged', 'kept')} kept`;
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
