import { brokenSignature } from '../../formats/signature/signature.ts';
import { defineRule } from '../define.ts';

export const catalogBrokenSignature = defineRule({
  id: 'catalog/broken-signature',
  severity: 'error',
  scope: 'tree',
  explain: `The signature of a catalog does not match its content: the catalog was changed after signing, or the signature or a certificate between the signer and the root authority is damaged.
Windows treats every driver package with this catalog as unsigned.
Get the catalog again from the driver build, or sign it again.`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { catalog }]) => {
      const problem = brokenSignature(catalog?.signature.signers ?? []);
      if (problem === undefined) return [];
      return [
        {
          path,
          message: `has a broken signature: ${problem}`,
          hint: 'get the catalog again from the driver build, or sign it again',
        },
      ];
    }),
});
