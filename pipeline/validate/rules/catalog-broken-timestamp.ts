import { brokenTimestamp } from '../../formats/signature/signature.ts';
import { defineRule } from '../define.ts';

export const catalogBrokenTimestamp = defineRule({
  id: 'catalog/broken-timestamp',
  severity: 'error',
  scope: 'tree',
  explain: `The signature of a catalog has an invalid timestamp: it belongs to another signature, was changed, or its certificates are damaged.
Windows ignores it and rejects the signature after the signer's certificate expires (CERT_E_EXPIRED, 0x800B0101), or rejects it at once (TRUST_E_TIME_STAMP, 0x80096005).
Get the catalog again from the driver build, or sign it again with a timestamp ("signtool sign /tr", "osslsigncode sign -ts").`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { catalog }]) => {
      const problem = brokenTimestamp(catalog?.signature.signers ?? []);
      if (problem === undefined) return [];
      return [
        {
          path,
          message: `has a broken timestamp: ${problem}`,
          hint: 'get the catalog again from the driver build, or sign it again with a timestamp',
        },
      ];
    }),
});
