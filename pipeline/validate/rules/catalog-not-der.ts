import type { SetPart } from '../../formats/signature/set-order.ts';
import { defineRule } from '../define.ts';

export const catalogNotDer = defineRule({
  id: 'catalog/not-der',
  severity: 'error',
  scope: 'tree',
  explain: `The signature of a catalog is not DER: its certificates, its signed or unsigned attributes or its digest algorithms are not in the order of their encodings (X.690, 11.6).
Since the updates of October 2020 (KB4580358 and others), Windows refuses such a catalog: "Windows can't verify the publisher of this driver software", and Explorer shows "No signature was present in the subject".
osslsigncode before 2.9, as in Debian 12, writes the certificates in their given order and reports success; sign the catalog again with "pvdisc sign" or osslsigncode 2.9 or later.`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { unsorted = [] }]) => {
      const parts = unsorted.filter(isOfSignature);
      if (parts.length === 0) return [];
      return [
        {
          path,
          message: `its ${parts.join(' and ')} are not in the order of DER: Windows refuses it since October 2020`,
          hint: 'sign the catalog again with pvdisc sign, or osslsigncode 2.9 or later',
        },
      ];
    }),
});

function isOfSignature(part: SetPart): boolean {
  return part !== 'content';
}
