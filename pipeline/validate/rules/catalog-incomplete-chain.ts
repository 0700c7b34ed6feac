import { allSigners } from '../../formats/signature/signature.ts';
import { defineRule } from '../define.ts';

export const catalogIncompleteChain = defineRule({
  id: 'catalog/incomplete-chain',
  severity: 'warning',
  scope: 'tree',
  explain: `The certificate chain of a catalog's signature is incomplete: the certificate of an issuer is missing, and the issuer is not a public root. The signature counts as "self-signed" unless another chain leads to a public root.
Windows builds the chain from the certificates in the signature and from its own stores; without the issuer's certificate it rejects the package (CERT_E_CHAINING, 0x800B010A).
Sign the catalog again with the certificates of all authorities up to the root ("signtool sign /ac", "osslsigncode sign -ac").`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { catalog }]) => {
      const signers = allSigners(catalog?.signature.signers ?? []);
      const missing = signers.find(({ problem }) => problem === undefined)?.missingIssuer;
      if (missing === undefined) return [];
      return [
        {
          path,
          message: `lacks the certificate of "${missing}", an issuer in its chain`,
          hint: 'sign the catalog again with the certificates of all authorities up to the root',
        },
      ];
    }),
});
