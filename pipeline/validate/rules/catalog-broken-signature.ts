import { brokenSignature } from '../../formats/signature/signature.ts';
import { defineRule } from '../define.ts';

export const catalogBrokenSignature = defineRule({
  id: 'catalog/broken-signature',
  severity: 'error',
  scope: 'tree',
  explain: `The signature of a catalog does not fit what the catalog holds: a byte was changed after signing, or the signature or a certificate between its signer and the root authority is damaged.
Windows takes every driver package with this catalog for unsigned.
Get the catalog again from the driver build, or sign it anew.`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { catalog }]) => {
      const problem = brokenSignature(catalog?.signature.signers ?? []);
      if (problem === undefined) return [];
      return [
        {
          path,
          message: `has a broken signature: ${problem}`,
          hint: 'get the catalog again from the driver build, or sign it anew',
        },
      ];
    }),
});
