import { brokenSignature } from '../../formats/signature/signature.ts';
import { bootDrivers, checksBootDrivers } from '../boot-drivers.ts';
import { defineRule } from '../define.ts';
import type { FileFacts } from '../facts.ts';

export const peBrokenSignature = defineRule({
  id: 'pe/broken-signature',
  severity: 'error',
  scope: 'tree',
  explain: `A binary has an embedded signature that is not good: it does not fit the file, or it or a certificate of its signer was changed.
Windows takes the file for unsigned where it looks at this signature: at every program and library, and at a driver that has no good catalog. Of drivers that are loaded at boot, pe/unsigned-boot-driver tells.
Get the file again from the driver build, or sign it anew before its catalog is made.`,
  check: ({ facts, packages }) => {
    const told = new Set([
      ...packages.flatMap(({ verdict }) => verdict.uncovered),
      ...packages.filter(checksBootDrivers).flatMap((one) => bootDrivers(one).map(({ path }) => path)),
    ]);
    return [...facts].flatMap(([path, file]) => {
      const problem = told.has(path) ? undefined : whyBroken(file);
      if (problem === undefined) return [];
      return [
        {
          path,
          message: `has a broken embedded signature: ${problem}`,
          hint: 'get the file again from the driver build, or sign it anew before its catalog is made',
        },
      ];
    });
  },
});

function whyBroken({ signatures = [] }: FileFacts): string | undefined {
  const problem = brokenSignature(signatures.flatMap(({ signers }) => signers));
  if (problem !== undefined) return problem;
  return signatures.every(({ matches }) => matches) ? undefined : 'the file is not what was signed';
}
