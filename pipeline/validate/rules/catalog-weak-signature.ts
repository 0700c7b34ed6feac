import { allSigners } from '../../formats/signature/signature.ts';
import type { Signer } from '../../formats/signature/signed-data.ts';
import { defineRule } from '../define.ts';

export const catalogWeakSignature = defineRule({
  id: 'catalog/weak-signature',
  severity: 'warning',
  scope: 'tree',
  explain: `The signature of a catalog or its timestamp uses MD5. The signature is intact and counts, but MD5 can be forged and not every Windows accepts it.
Windows XP to 8 accept MD5 as released. With the update of Microsoft Security Advisory 2862973 (2013), and since Windows 8.1, Windows rejects MD5 in certificates under the roots of Microsoft's program, other than what was signed and timestamped before March 2009 (Microsoft, "Protecting Against Weak Cryptographic Algorithms"). Internet Explorer 8 and later on Windows 7 SP1 also reject MD2 and MD4 (IEInternals, "Authenticode and Weak Certificate Chains").
Use a build that is signed with SHA-256, or sign the catalog again.`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { catalog }]) => {
      const weak = allSigners(catalog?.signature.signers ?? [])
        .map(weakPart)
        .find((part) => part !== undefined);
      if (weak === undefined) return [];
      return [
        {
          path,
          message: `${weak} uses MD5, which newer Windows versions reject`,
          hint: 'use a build that is signed with SHA-256, or sign the catalog again',
        },
      ];
    }),
});

/** Skips what is broken, which other rules report. */
function weakPart({ problem, digestAlgorithm, timestamp }: Signer): string | undefined {
  if (problem !== undefined) return undefined;
  if (digestAlgorithm === 'md5') return 'its signature';
  return timestamp?.problem === undefined && timestamp?.digestAlgorithm === 'md5'
    ? 'the timestamp of its signature'
    : undefined;
}
