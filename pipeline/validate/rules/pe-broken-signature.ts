import { brokenSignature } from '../../formats/signature/signature.ts';
import { bootDrivers, checksBootDrivers } from '../boot-drivers.ts';
import { defineRule } from '../define.ts';
import type { FileFacts } from '../facts.ts';

export const peBrokenSignature = defineRule({
  id: 'pe/broken-signature',
  severity: 'error',
  scope: 'tree',
  explain: `A binary has an invalid embedded signature: it does not match the file, it cannot be read, its page hashes are of other pages, or it or a certificate of its signer was changed.
Windows treats the file as unsigned where it checks this signature: for every program and library, and for a driver without a valid catalog. pe/unsigned-boot-driver covers drivers that are loaded at boot.
Get the file again from the driver build, or sign it again before its catalog is made.`,
  check: ({ facts, packages }) => {
    const covered = new Set([
      ...packages.flatMap(({ verdict }) => verdict.uncovered),
      ...packages.filter(checksBootDrivers).flatMap((one) => bootDrivers(one).map(({ path }) => path)),
    ]);
    return [...facts].flatMap(([path, file]) => {
      const problem = covered.has(path) ? undefined : whyBroken(file);
      if (problem === undefined) return [];
      return [
        {
          path,
          message: `has a broken embedded signature: ${problem}`,
          hint: 'get the file again from the driver build, or sign it again before its catalog is made',
        },
      ];
    });
  },
});

function whyBroken({ signatures = [], signatureProblem }: FileFacts): string | undefined {
  if (signatureProblem !== undefined) return signatureProblem;
  const problem = brokenSignature(signatures.flatMap(({ signers }) => signers));
  if (problem !== undefined) return problem;
  if (signatures.some(({ matches }) => !matches)) return 'the file does not match the signed digest';
  return signatures.some(({ pagesMatch }) => pagesMatch === false)
    ? 'its page hashes do not match the file'
    : undefined;
}
