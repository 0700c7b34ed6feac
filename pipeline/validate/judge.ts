import { globMatcher } from '../collect/glob.ts';
import type { RunContext } from '../context.ts';
import { PipelineError } from '../errors.ts';
import { byCodeUnit } from '../host/files.ts';
import { type Manifest, releasePlace } from '../manifest/read.ts';
import { rules } from '../rules/index.ts';
import type { AcceptedFinding, DriverTree, Finding } from '../types.ts';
import { readFacts, type TreeFacts } from './facts.ts';

/** What the rules say of a tree: every finding, sorted by path, with the release's reason where it accepts one. */
export interface Judgement {
  readonly findings: readonly AcceptedFinding[];
  readonly facts: TreeFacts;
}

/** Reads what the tree's files say of themselves and runs every rule; throws only for an acceptance that matches nothing. */
export async function judge(manifest: Manifest, tree: DriverTree, context: RunContext): Promise<Judgement> {
  const facts = await readFacts(tree, context);
  const found = rules.flatMap(({ id, severity, check }) =>
    check({ manifest, tree, facts }).map((violation): Finding => ({ rule: id, severity, ...violation })),
  );
  const findings = accept(manifest, found);
  return { findings: findings.sort((a, b) => byCodeUnit(sortKey(a), sortKey(b))), facts };
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
