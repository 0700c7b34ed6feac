import { globMatcher } from '../collect/glob.ts';
import type { ReleaseContext } from '../context.ts';
import type { Rule, TreeInput } from '../define.ts';
import { PipelineError } from '../errors.ts';
import { byCodeUnit } from '../host/files.ts';
import { type Manifest, releasePlace } from '../manifest/read.ts';
import { rules } from '../rules/index.ts';
import type { AcceptedFinding, DriverTree, Finding } from '../types.ts';
import { readFacts } from './facts.ts';
import { type PackageFacts, packageFacts } from './package-facts.ts';

/** What the rules say of a tree: every finding, sorted by path, with the release's reason where it accepts one. */
export interface Judgement {
  readonly findings: readonly AcceptedFinding[];
  readonly packages: readonly PackageFacts[];
}

/** Reads what the tree's files say of themselves and runs every rule; throws only for an acceptance that matches nothing and a repair that mends nothing. */
export async function judge(
  manifest: Manifest,
  tree: DriverTree,
  context: Pick<ReleaseContext, 'signal' | 'reporter' | 'epoch'>,
): Promise<Judgement> {
  requireUsefulRepairs(manifest, tree);
  const facts = await readFacts(tree, context);
  const packages = packageFacts(tree, facts, manifest.targets);
  const findings = accept(manifest, findAll({ tree, facts, packages, manifest, ...dateOf(context) }));
  return { findings, packages };
}

function dateOf({ epoch }: Pick<ReleaseContext, 'epoch'>) {
  return epoch === undefined ? {} : { epoch };
}

/** Runs every rule that can judge without a manifest; what it says of a file alike for several targets is one finding. */
export function inspectTree(input: TreeInput): Finding[] {
  return [...new Map(findAll(input).map((finding) => [sortKey(finding), finding])).values()];
}

function findAll(input: TreeInput & { readonly manifest?: Manifest }): Finding[] {
  const found = rules.flatMap((rule) =>
    violations(rule, input).map(
      (violation): Finding => ({ rule: rule.id, severity: rule.severity, ...violation }),
    ),
  );
  return found.sort((a, b) => byCodeUnit(sortKey(a), sortKey(b)));
}

function violations(rule: Rule, { manifest, ...input }: TreeInput & { readonly manifest?: Manifest }) {
  switch (rule.scope) {
    case 'package':
      return input.packages.flatMap((driverPackage) => rule.check(driverPackage));
    case 'tree':
      return rule.check(input);
    case 'release':
      return manifest === undefined ? [] : rule.check({ ...input, manifest });
  }
}

function requireUsefulRepairs(manifest: Manifest, { repairs }: Pick<DriverTree, 'repairs'>): void {
  const problems = manifest.release.repair.flatMap((method, index) =>
    repairs.some((repair) => repair.method === method)
      ? []
      : [
          {
            place: releasePlace(manifest, 'repair', index),
            message: `asks for ${method}, and there is no file that it mends`,
            hint: 'remove it: the source is right as it is, or its damage is another',
          },
        ],
  );
  if (problems.length > 0) throw new PipelineError('input', problems);
}

/** Tells whether a finding stops a build. */
export function isFatal({ severity, accepted }: AcceptedFinding): boolean {
  return severity === 'error' && accepted === undefined;
}

function accept(manifest: Manifest, findings: readonly Finding[]): AcceptedFinding[] {
  const acceptances = manifest.release.accept.map((entry) => ({
    ...entry,
    matches: globMatcher(entry.path),
  }));
  const used = new Set<number>();
  const judged = findings.map((finding): AcceptedFinding => {
    const index = acceptances.findIndex(
      ({ rule, matches }) => rule === finding.rule && matches(finding.path),
    );
    const acceptance = acceptances[index];
    if (acceptance === undefined) return finding;
    used.add(index);
    return { ...finding, accepted: acceptance.reason };
  });
  const problems = [...acceptances.keys()]
    .filter((index) => !used.has(index))
    .map((index) => ({
      place: releasePlace(manifest, 'accept', index),
      message: `accepts ${acceptances[index]?.rule} at "${acceptances[index]?.path}", and there is no such finding that an earlier line does not accept`,
      hint: 'remove the line: what it accepted has been mended, or its rule or path is misspelled',
    }));
  if (problems.length > 0) throw new PipelineError('input', problems);
  return judged;
}

function sortKey({ path, line = 0, rule, message }: Finding): string {
  return [path, String(line).padStart(8, '0'), rule, message].join('\0');
}
