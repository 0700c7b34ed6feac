import type { ReleaseContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { defineStage } from '../core/stage.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { DriverTree } from '../model/driver-tree.ts';
import type { AcceptedFinding } from '../model/finding.ts';
import type { ValidatedTree, validated } from '../model/validated-tree.ts';
import { driverFacts } from './driver-facts.ts';
import { isFatal, judge, mostOfAFile } from './judge.ts';

/** A collected tree and its manifest. */
export interface ValidateInput {
  readonly manifest: Manifest;
  readonly tree: DriverTree;
}

/** Runs every rule on the tree; throws one error with all findings and useless release entries that stop the build. */
export const validate = defineStage({
  name: 'validate',
  run: async ({ manifest, tree }: ValidateInput, context: ReleaseContext): Promise<ValidatedTree> => {
    const { findings, packages, problems } = await judge(manifest, tree, context);
    const fatal = [...findings.filter(isFatal).flatMap(asProblems), ...problems];
    if (fatal.length > 0) throw new PipelineError('input', fatal);
    const passed: Omit<ValidatedTree, typeof validated> = {
      ...tree,
      findings,
      drivers: packages.map(driverFacts),
    };
    return passed as ValidatedTree;
  },
});

/** Converts a finding to problems, one for each of its places: who mends the drivers needs them all. */
function asProblems({ path, line, message, hint, rule, places }: AcceptedFinding) {
  const whole = { ...(line !== undefined && { line }), message };
  const all = places === undefined ? [whole] : [...places, ...(places.length < mostOfAFile ? [] : [whole])];
  return all.map((place) => ({
    place: place.line === undefined ? path : `${path}:${place.line}`,
    message: place.message,
    rule,
    ...(hint !== undefined && { hint }),
  }));
}
