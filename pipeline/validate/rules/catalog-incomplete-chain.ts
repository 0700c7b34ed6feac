import { allSigners } from '../../formats/signature/signature.ts';
import { defineRule } from '../define.ts';

export const catalogIncompleteChain = defineRule({
  id: 'catalog/incomplete-chain',
  severity: 'warning',
  scope: 'tree',
  explain: `The signature of a catalog names an authority whose certificate is not in it, and that is no public root. So nothing shows that the authority is what it says, and the signature counts as "self-signed" unless a public root vouches for it in another way.
Windows builds the chain of a signature from the certificates in it and from those that it has; without the authority's it refuses the package (CERT_E_CHAINING, 0x800B010A).
Sign the catalog anew with the certificates of all authorities up to the root ("signtool sign /ac", "osslsigncode sign -ac").`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { catalog }]) => {
      const signers = allSigners(catalog?.signature.signers ?? []);
      const missing = signers.find(({ problem }) => problem === undefined)?.missingIssuer;
      if (missing === undefined) return [];
      return [
        {
          path,
          message: `has no certificate of "${missing}", which issued one in its chain`,
          hint: 'sign the catalog anew with the certificates of all authorities up to the root',
        },
      ];
    }),
});
