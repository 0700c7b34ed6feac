import { setImmediate } from 'node:timers/promises';
import type { ReleaseContext } from '../core/context.ts';
import type { Problem } from '../core/errors.ts';
import { byCodeUnit } from '../core/order.ts';
import { globMatcher } from '../core/paths.ts';
import { fewOfAKind } from '../manifest/few-problems.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { releasePlace } from '../manifest/read.ts';
import type { DriverTree } from '../model/driver-tree.ts';
import type { AcceptedFinding, Finding } from '../model/finding.ts';
import type { Rule, TreeInput, Violation } from './define.ts';
import { readFacts } from './facts.ts';
import { nearRulesHint } from './near-rules.ts';
import { type PackageFacts, packageFacts } from './package-facts.ts';
import { rules } from './rules/index.ts';

/** What the rules say of a tree: every finding, sorted by path, with the release's reason where it accepts one. */
export interface Judgement {
  readonly findings: readonly AcceptedFinding[];
  readonly packages: readonly PackageFacts[];
  /** What is wrong with the release's own `accept` and `repair`: entries that match or mend nothing. Each stops a build. */
  readonly problems: readonly Problem[];
}

/** Reads what the tree's files say of themselves and runs every rule. */
export async function judge(
  manifest: Manifest,
  tree: DriverTree,
  context: Pick<ReleaseContext, 'signal' | 'reporter' | 'epoch'>,
): Promise<Judgement> {
  const facts = await readFacts(tree, context);
  const packages = packageFacts(tree, facts, manifest.targets);
  const found = findAll({ tree, facts, packages, manifest, ...dateOf(context) });
  const { findings, problems } = await acceptFindings(manifest, found, context.signal);
  const told = findings.map((finding) => passedOn(manifest, finding));
  return { findings: told, packages, problems: [...uselessRepairs(manifest, tree), ...problems] };
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
      return input.packages.flatMap((driverPackage) => summedUp(rule.check(driverPackage)));
    case 'tree':
      return summedUp(rule.check(input));
    case 'release':
      return manifest === undefined ? [] : summedUp(rule.check({ ...input, manifest }));
  }
}

function uselessRepairs(manifest: Manifest, { repairs }: Pick<DriverTree, 'repairs'>): Problem[] {
  return manifest.release.repair.flatMap((method, index) =>
    repairs.some((repair) => repair.method === method)
      ? []
      : [
          {
            place: releasePlace(manifest, 'repair', index),
            message: `asks for ${method}, and there is no file that it mends`,
            hint: 'remove it: the source is right as it is, or its damage is another, as findings then say',
          },
        ],
  );
}

/** Tells whether a finding stops a build. */
export function isFatal({ severity, accepted }: AcceptedFinding): boolean {
  return severity === 'error' && accepted === undefined;
}

/** What a passthrough release is judged by as any other: whether these drivers may be given to others, under this name. */
const policyRules = ['release/empty', 'release/plain-name', 'release/refused-signature'];

/** An upstream disc is as it is: what is wrong with it is told and does not stop its release. */
function passedOn({ upstream }: Manifest, finding: AcceptedFinding): AcceptedFinding {
  const isTold = upstream !== undefined && isFatal(finding) && !policyRules.includes(finding.rule);
  return isTold
    ? { ...finding, accepted: `so it is on upstream's disc, which is passed on unchanged` }
    : finding;
}

function sortKey({ path, line = 0, rule, message }: Finding): string {
  return [path, String(line).padStart(8, '0'), rule, message].join('\0');
}

/** Findings with the release's reason where it accepts one, and the acceptances that match none. */
interface Acceptance {
  readonly findings: readonly AcceptedFinding[];
  readonly problems: readonly Problem[];
}

/** Gives each finding the reason of the release's first `accept` entry for its rule and path. */
async function acceptFindings(
  manifest: Manifest,
  findings: readonly Finding[],
  signal: AbortSignal,
): Promise<Acceptance> {
  const entries = manifest.release.accept.map((entry) => ({ ...entry, matches: globMatcher(entry.path) }));
  const used = new Set<number>();
  const judged: AcceptedFinding[] = [];
  for (const finding of findings) {
    await setImmediate();
    signal.throwIfAborted();
    const index = entries.findIndex(({ rule, matches }) => rule === finding.rule && matches(finding.path));
    const entry = entries[index];
    if (entry !== undefined) used.add(index);
    judged.push(entry === undefined ? finding : { ...finding, accepted: entry.reason });
  }
  const problems = entries.flatMap((entry, index) =>
    used.has(index) ? [] : [{ place: releasePlace(manifest, 'accept', index), ...uselessness(entry) }],
  );
  return { findings: judged, problems: fewOfAKind(problems) };
}

function uselessness({ rule, path }: Manifest['release']['accept'][number]): Omit<Problem, 'place'> {
  if (!rules.some(({ id }) => id === rule))
    return { message: `accepts ${rule}, and there is no such rule`, hint: nearRulesHint(rule) };
  return {
    message: `accepts ${rule} at "${path}", and there is no such finding that an earlier line does not accept`,
    hint: 'remove the line: what it accepted has been mended, or its rule or path is misspelled',
  };
}

/** Far more than of any real file, and few enough for a report that somebody reads. */
const mostOfAFile = 100;

/** Returns what a rule found, at most a hundred of each file: the last one of a file with more says how many more there are. */
export function summedUp(violations: readonly Violation[]): readonly Violation[] {
  if (violations.length <= mostOfAFile) return violations;
  const byFile = new Map<string, Violation[]>();
  for (const violation of violations) {
    const found = byFile.get(violation.path);
    if (found === undefined) byFile.set(violation.path, [violation]);
    else found.push(violation);
  }
  return [...byFile.values()].flatMap((found) => {
    const [further] = found.slice(mostOfAFile - 1);
    if (further === undefined || found.length === mostOfAFile) return found;
    const rest = found.length - mostOfAFile;
    return [
      ...found.slice(0, mostOfAFile - 1),
      { ...further, message: `${further.message}; and ${rest} more findings of this kind in the file` },
    ];
  });
}
