import { brokenTimestamp } from '../../formats/signature/signature.ts';
import { defineRule } from '../define.ts';

export const peBrokenTimestamp = defineRule({
  id: 'pe/broken-timestamp',
  severity: 'error',
  scope: 'tree',
  explain: `The embedded signature of a binary has an invalid timestamp: it belongs to another signature, was changed, or its certificates are damaged.
Windows ignores it and rejects the signature after the signer's certificate expires (CERT_E_EXPIRED, 0x800B0101), or rejects it at once (TRUST_E_TIME_STAMP, 0x80096005).
Get the file again from the driver build, or sign it again with a timestamp before its catalog is made.`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { signatures = [] }]) => {
      const problem = brokenTimestamp(signatures.flatMap(({ signers }) => signers));
      if (problem === undefined) return [];
      return [
        {
          path,
          message: `its embedded signature has a broken timestamp: ${problem}`,
          hint: 'get the file again from the driver build, or sign it again with a timestamp',
        },
      ];
    }),
});
