import { defineRule, type TreeInput } from '../define.ts';
import { isSha1OnWindows11, md5Part } from '../weak-signers.ts';

export const catalogWeakSignature = defineRule({
  id: 'catalog/weak-signature',
  severity: 'warning',
  scope: 'tree',
  explain: `The signature of a catalog or its timestamp uses MD5, or a catalog for Windows 11 is signed with SHA-1 alone. The signature is intact and counts, but the digest can be forged and not every Windows accepts it.
Windows XP to 8 accept MD5 as released. With the update of Microsoft Security Advisory 2862973 (2013), and since Windows 8.1, Windows rejects MD5 in certificates under the roots of Microsoft's program, other than what was signed and timestamped before March 2009 (Microsoft, "Protecting Against Weak Cryptographic Algorithms"). Internet Explorer 8 and later on Windows 7 SP1 also reject MD2 and MD4 (IEInternals, "Authenticode and Weak Certificate Chains"). For Windows 10 1803 and later the Driver Signing Policy ("Signing requirements by version") names SHA-2 as the algorithm.
Use a build that is signed with SHA-256, or sign the catalog again.`,
  check: (input) => {
    const forWindows11 = sha1Catalogs(input);
    return [...input.facts].flatMap(([path, { catalog }]) => {
      const weak = md5Part(catalog?.signature.signers ?? []);
      if (weak === undefined && !forWindows11.has(path)) return [];
      return [
        {
          path,
          message:
            weak === undefined
              ? 'its signature uses SHA-1, but Windows 11 demands SHA-2'
              : `${weak} uses MD5, which newer Windows versions reject`,
          hint: 'use a build that is signed with SHA-256, or sign the catalog again',
        },
      ];
    });
  },
});

function sha1Catalogs({ packages }: TreeInput): ReadonlySet<string> {
  const found = packages.filter(
    ({ catalog, row }) => catalog !== undefined && isSha1OnWindows11(catalog.list.signature.signers, row),
  );
  return new Set(found.flatMap(({ catalog }) => catalog?.path ?? []));
}
