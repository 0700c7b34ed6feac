import { brokenTimestamp } from '../../formats/signature/signature.ts';
import { defineRule } from '../define.ts';

export const peBrokenTimestamp = defineRule({
  id: 'pe/broken-timestamp',
  severity: 'error',
  scope: 'tree',
  explain: `The signature in a binary has a timestamp that does not hold: it is of another signature, was changed, or its own certificates are damaged.
Windows does not count it, and refuses the signature once the certificate of the signer has ended (CERT_E_EXPIRED, 0x800B0101), or refuses it at once (TRUST_E_TIME_STAMP, 0x80096005).
Get the file again from the driver build, or sign it anew with a timestamp before its catalog is made.`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { signatures = [] }]) => {
      const problem = brokenTimestamp(signatures.flatMap(({ signers }) => signers));
      if (problem === undefined) return [];
      return [
        {
          path,
          message: `its embedded signature has a broken timestamp: ${problem}`,
          hint: 'get the file again from the driver build, or sign it anew with a timestamp',
        },
      ];
    }),
});
