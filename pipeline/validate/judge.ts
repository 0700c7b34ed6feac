import { setImmediate } from 'node:timers/promises';
import type { ReleaseContext } from '../core/context.ts';
import type { Problem } from '../core/errors.ts';
import { byCodeUnit } from '../core/order.ts';
import { globMatcher } from '../core/paths.ts';
import { plural, someOf } from '../core/text.ts';
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

/** The findings of all rules, sorted by path, each with the release's reason if it accepts the finding. */
export interface Judgement {
  readonly findings: readonly AcceptedFinding[];
  readonly packages: readonly PackageFacts[];
  /** Entries of the release's `accept` and `repair` that match or repair nothing; each stops a build. */
  readonly problems: readonly Problem[];
}

/** Reads the facts of the tree's files and runs every rule, and `more` rules that only an option of the command line asks for. */
export async function judge(
  manifest: Manifest,
  tree: DriverTree,
  context: Pick<ReleaseContext, 'signal' | 'reporter' | 'epoch'>,
  more: readonly Rule[] = [],
): Promise<Judgement> {
  const facts = await readFacts(tree, context);
  const packages = packageFacts(tree, facts, manifest.targets);
  const found = findAll({ tree, facts, packages, manifest, ...dateOf(context) }, more);
  const { findings, problems } = await acceptFindings(manifest, found, context.signal);
  const reported = findings.map((finding) => passedOn(manifest, finding));
  return { findings: reported, packages, problems: [...uselessRepairs(manifest, tree), ...problems] };
}

function dateOf({ epoch }: Pick<ReleaseContext, 'epoch'>) {
  return epoch === undefined ? {} : { epoch };
}

/** Runs every rule that needs no manifest; equal findings of several targets are reported once. */
export function inspectTree(input: TreeInput, more: readonly Rule[] = []): Finding[] {
  const found = findAll(input, more).map(({ lacksSignature: _, ...finding }): Finding => finding);
  return [...new Map(found.map((finding) => [sortKey(finding), finding])).values()];
}

/** A finding and what `unsigned` of a release needs to know of it. */
type FoundFinding = Finding & Pick<Violation, 'lacksSignature'>;

function findAll(input: TreeInput & { readonly manifest?: Manifest }, more: readonly Rule[]): FoundFinding[] {
  const found = [...rules, ...more].flatMap((rule) =>
    violations(rule, input).map(
      (violation): FoundFinding => ({ rule: rule.id, severity: rule.severity, ...violation }),
    ),
  );
  return found.sort((a, b) => byCodeUnit(sortKey(a), sortKey(b)));
}

function violations(rule: Rule, { manifest, ...input }: TreeInput & { readonly manifest?: Manifest }) {
  switch (rule.scope) {
    case 'package':
      return input.packages.flatMap((driverPackage) => limited(rule.check(driverPackage)));
    case 'tree':
      return limited(rule.check(input));
    case 'release':
      return manifest === undefined ? [] : limited(rule.check({ ...input, manifest }));
  }
}

function uselessRepairs(manifest: Manifest, { repairs }: Pick<DriverTree, 'repairs'>): Problem[] {
  return manifest.release.repair.flatMap((method, index) =>
    repairs.some((repair) => repair.method === method)
      ? []
      : [
          {
            place: releasePlace(manifest, 'repair', index),
            message: `${method} repairs no file`,
            hint: 'remove it: the source is not damaged, or is damaged in another way that findings report',
          },
        ],
  );
}

/** Returns whether a finding stops a build. */
export function isFatal({ severity, accepted }: AcceptedFinding): boolean {
  return severity === 'error' && accepted === undefined;
}

/** Rules that also stop a passthrough release: they decide whether these drivers may be distributed under this name. */
const policyRules = ['release/empty', 'release/plain-name', 'release/refused-signature'];

/** Accepts errors of an upstream disc, which is passed on unchanged, so that they are reported and do not stop the release. */
function passedOn({ upstream }: Manifest, finding: AcceptedFinding): AcceptedFinding {
  const passes = upstream !== undefined && isFatal(finding) && !policyRules.includes(finding.rule);
  return passes
    ? { ...finding, accepted: `present on upstream's disc, which is passed on unchanged` }
    : finding;
}

function sortKey({ path, line = 0, rule, message }: Finding): string {
  return [path, String(line).padStart(8, '0'), rule, message].join('\0');
}

/** Findings with the reasons of accepted ones, and the problems of `accept` entries that match none. */
interface Acceptance {
  readonly findings: readonly AcceptedFinding[];
  readonly problems: readonly Problem[];
}

/** Adds to each finding the reason of the first `accept` entry that matches its rule and path, else that of `unsigned` if a missing signature is all. */
async function acceptFindings(
  manifest: Manifest,
  findings: readonly FoundFinding[],
  signal: AbortSignal,
): Promise<Acceptance> {
  const entries = manifest.release.accept.map((entry) => ({ ...entry, matches: globMatcher(entry.path) }));
  const used = new Set<number>();
  const judged: AcceptedFinding[] = [];
  const { unsigned } = manifest.release;
  let isUnsigned = false;
  for (const { lacksSignature, ...finding } of findings) {
    await setImmediate();
    signal.throwIfAborted();
    const index = entries.findIndex(({ rule, matches }) => rule === finding.rule && matches(finding.path));
    const entry = entries[index];
    if (entry !== undefined) used.add(index);
    if (lacksSignature) isUnsigned = true;
    const reason = entry?.reason ?? (lacksSignature ? unsigned : undefined);
    judged.push(reason === undefined ? finding : { ...finding, accepted: reason });
  }
  const problems = entries.flatMap((entry, index) =>
    used.has(index) ? [] : [{ place: releasePlace(manifest, 'accept', index), ...uselessness(entry) }],
  );
  if (unsigned !== undefined && !isUnsigned)
    problems.push({
      place: releasePlace(manifest, 'unsigned'),
      message: 'accepts nothing: each INF has its catalog, and each boot driver a signature',
      hint: 'remove it',
    });
  return { findings: judged, problems: fewOfAKind(problems) };
}

function uselessness({ rule, path }: Manifest['release']['accept'][number]): Omit<Problem, 'place'> {
  if (!rules.some(({ id }) => id === rule))
    return { message: `accepts ${rule}, which is not a rule`, hint: nearRulesHint(rule) };
  return {
    message: `accepts ${rule} at "${path}", which matches no finding that an earlier entry does not accept`,
    hint: 'remove the entry if the finding is fixed, or check the spelling of its rule and path',
  };
}

function limited(found: readonly Violation[]): readonly Violation[] {
  return summedUp(onePerInf(found));
}

/**
 * Joins the violations of each INF to one with all places, also errors: `accept` names a rule and a path, never a line. Violations with
 * another hint are fixed in another way and stay apart, as do those of other files.
 */
export function onePerInf(violations: readonly Violation[]): readonly Violation[] {
  const byFix = new Map<string, Violation[]>();
  for (const violation of violations) {
    const key = `${violation.path}\0${violation.hint}`;
    const found = byFix.get(key) ?? [];
    byFix.set(key, found);
    found.push(violation);
  }
  return [...byFix.values()].flatMap((found) => {
    const [first, ...others] = found.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
    if (first === undefined || others.length === 0 || !/\.inf$/i.test(first.path)) return found;
    const lines = [...new Set(others.flatMap(({ line }) => (line === undefined ? [] : [String(line)])))];
    const where = lines.length === 0 ? '' : `, in line${lines.length === 1 ? '' : 's'} ${someOf(lines)}`;
    const places = [first, ...others].slice(0, mostOfAFile).map(({ line, message }) => ({
      ...(line !== undefined && { line }),
      message,
    }));
    return [{ ...first, message: `${first.message}; and ${others.length} more${where}`, places }];
  });
}

/** Far more than any real file has, and few enough for a readable report. */
export const mostOfAFile = 100;

/** Limits a rule's findings to 100 per file; the last one of a longer list counts the rest. */
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
      {
        ...further,
        message: `${further.message}; and ${plural(rest, 'more finding')} of this kind in the file`,
      },
    ];
  });
}
