import type { Problem } from '../core/errors.ts';
import { globMatcher } from '../core/glob.ts';
import { fewOfAKind } from '../manifest/few-problems.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { releasePlace } from '../manifest/read.ts';
import type { AcceptedFinding, Finding } from '../model/finding.ts';
import { nearRulesHint } from './near-rules.ts';
import { rules } from './rules/index.ts';

/** Findings with the release's reason where it accepts one, and the acceptances that match none. */
export interface Acceptance {
  readonly findings: readonly AcceptedFinding[];
  readonly problems: readonly Problem[];
}

/** Gives each finding the reason of the release's first `accept` entry for its rule and path. */
export function acceptFindings(manifest: Manifest, findings: readonly Finding[]): Acceptance {
  const entries = manifest.release.accept.map((entry) => ({ ...entry, matches: globMatcher(entry.path) }));
  const used = new Set<number>();
  const judged = findings.map((finding): AcceptedFinding => {
    const index = entries.findIndex(({ rule, matches }) => rule === finding.rule && matches(finding.path));
    const entry = entries[index];
    if (entry === undefined) return finding;
    used.add(index);
    return { ...finding, accepted: entry.reason };
  });
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
