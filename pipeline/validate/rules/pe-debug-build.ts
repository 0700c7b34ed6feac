import { isDebugRuntime } from '../../formats/windows/kernel-modules.ts';
import { defineRule } from '../define.ts';
import { debugAssertion, type FileFacts } from '../facts.ts';

export const peDebugBuild = defineRule({
  id: 'pe/debug-build',
  severity: 'warning',
  scope: 'tree',
  explain: `A binary is a debug (checked) build: its version resource has VS_FF_DEBUG, a driver imports RtlAssert, or a program imports a debug version of the C runtime.
A checked driver is not optimised and stops the guest at a failed assertion ("Free and checked build environments": test in the checked environment, then build again in the free one); a program that imports a debug runtime does not start, since Microsoft does not allow its distribution ("Preparing a test machine to run a debug executable").
Package the release (free) build.`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, file]) => {
      const sign = signOfDebug(file);
      return sign === undefined
        ? []
        : [{ path, message: `is a debug build: ${sign}`, hint: 'package the release build' }];
    }),
});

function signOfDebug({ version, imports = [] }: FileFacts): string | undefined {
  if (version?.isDebug) return 'its version resource has VS_FF_DEBUG';
  const runtime = imports.find(({ library }) => isDebugRuntime(library));
  if (runtime !== undefined) return `it imports ${runtime.library}`;
  return imports.some(({ functions }) => functions.includes(debugAssertion))
    ? `it imports ${debugAssertion}`
    : undefined;
}
