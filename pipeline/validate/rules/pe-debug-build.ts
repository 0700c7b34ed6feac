import { isDebugRuntime } from '../../formats/windows/kernel-modules.ts';
import { defineRule } from '../define.ts';
import type { FileFacts } from '../facts.ts';

export const peDebugBuild = defineRule({
  id: 'pe/debug-build',
  severity: 'warning',
  scope: 'tree',
  explain: `A binary is a debug (checked) build: it was linked in a folder for such builds (objchk_…, Debug), its version resource has VS_FF_DEBUG, or it imports a debug version of the C runtime.
A checked driver is not optimised and stops the guest at a failed assertion ("Free and checked build environments": test in the checked environment, then build again in the free one); a program that imports a debug runtime does not start, since Microsoft does not allow its distribution ("Preparing a test machine to run a debug executable").
Package the release (free) build. VS_FF_DEBUG does not count where the folder is one for release builds (objfre_…, Release): 37 of 1,883 real drivers have it there by mistake.`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, file]) => {
      const sign = signOfDebug(file);
      return sign === undefined
        ? []
        : [{ path, message: `is a debug build: ${sign}`, hint: 'package the release build' }];
    }),
});

function signOfDebug({ version, imports = [], symbolPath = '' }: FileFacts): string | undefined {
  const runtime = imports.find(({ library }) => isDebugRuntime(library));
  if (runtime !== undefined) return `it imports ${runtime.library}`;
  if (debugFolder.test(symbolPath)) return `it was linked as "${symbolPath}"`;
  return version?.isDebug && !releaseFolder.test(symbolPath)
    ? 'its version resource has VS_FF_DEBUG'
    : undefined;
}

const debugFolder = /[\\/](objchk\w*|(win\w+ ?)?debug)[\\/]/i;
const releaseFolder = /[\\/](objfre\w*|(win\w+ ?)?release)[\\/]/i;
