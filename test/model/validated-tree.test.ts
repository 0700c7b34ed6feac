import { expect, expectTypeOf, test } from 'vitest';
import { assemble } from '../../pipeline/assemble/assemble.ts';
import { attest } from '../../pipeline/attest/attest.ts';
import type { collect } from '../../pipeline/collect/collect.ts';
import type { BuildContext, RunContext } from '../../pipeline/core/context.ts';
import { defineStage, type Stage } from '../../pipeline/core/stage.ts';
import type { Manifest } from '../../pipeline/manifest/manifest.ts';
import type { DriverTree } from '../../pipeline/model/driver-tree.ts';
import type { Discs } from '../../pipeline/model/release.ts';
import type { ValidatedTree } from '../../pipeline/model/validated-tree.ts';
import { pack } from '../../pipeline/package/package.ts';
import type { sign } from '../../pipeline/sign/sign.ts';
import { validate } from '../../pipeline/validate/validate.ts';

/** `npx tsc` checks the `@ts-expect-error` lines below (test/style.test.ts): one that compiles is an error. */
const unused = (..._values: unknown[]) => {};

test('an unvalidated tree cannot be assembled, packaged or attested', () => {
  unused((manifest: Manifest, tree: DriverTree, discs: Discs, context: BuildContext) => {
    // @ts-expect-error a DriverTree is no ValidatedTree
    unused(assemble.run({ manifest, tree, page: 'a page' }, context));
    // @ts-expect-error nor is one that has the rest of what a ValidatedTree has
    unused(assemble.run({ manifest, tree: { ...tree, findings: [], drivers: [] }, page: 'a page' }, context));
    // @ts-expect-error the discs are written from a validated tree
    unused(pack.run({ manifest, tree, discs, options: { compression: 'zstd' } }, context));
    // @ts-expect-error and so is the record
    unused(attest.run({ manifest, tree, discs, artifacts: [], options: { compression: 'zstd' } }, context));
  });
  unused((manifest: Manifest, tree: ValidatedTree, context: BuildContext) =>
    unused(assemble.run({ manifest, tree, page: 'a page' }, context)),
  );
  expectTypeOf<ValidatedTree>().toExtend<DriverTree>();
  expectTypeOf<DriverTree>().not.toExtend<ValidatedTree>();
});

test('a stage that writes a release cannot run where there is no output folder', () => {
  unused((manifest: Manifest, tree: ValidatedTree, context: RunContext) => {
    // @ts-expect-error a RunContext has no outputDir
    unused(assemble.run({ manifest, tree, page: 'a page' }, context));
    unused(validate.run({ manifest, tree }, context));
  });
  expectTypeOf(assemble.run).parameter(1).toEqualTypeOf<BuildContext>();
});

test('the input of `run` is compared strictly: a stage that wants more does not pass for one that wants less', () => {
  const wantsValidated = defineStage({
    name: 'strict',
    run: async ({ findings }: ValidatedTree, _context: RunContext) => findings.length,
  });
  // @ts-expect-error a method in Stage would make this compile, and an unvalidated tree pass
  const wantsAny: Stage<DriverTree, RunContext, number> = wantsValidated;
  const same: Stage<ValidatedTree, RunContext, number> = wantsValidated;
  expect(wantsAny).toBe(same);
});

test('what one stage gives is what the next one takes', () => {
  type Output<S> = S extends Stage<infer _Input, infer _Context, infer Given> ? Given : never;
  type Input<S> = S extends Stage<infer Taken, infer _Context, infer _Output> ? Taken : never;
  expectTypeOf<Input<typeof collect>>().toEqualTypeOf<Manifest>();
  expectTypeOf<Output<typeof collect>>().toExtend<Input<typeof sign>['tree']>();
  expectTypeOf<Output<typeof sign>>().toEqualTypeOf<Input<typeof validate>['tree']>();
  expectTypeOf<Output<typeof validate>>().toEqualTypeOf<Input<typeof assemble>['tree']>();
  expectTypeOf<Output<typeof assemble>>().toEqualTypeOf<Input<typeof pack>['discs']>();
  expectTypeOf<Output<typeof pack>>().toExtend<Input<typeof attest>['artifacts']>();
});
