import { infValue } from '../../formats/inf/inf.ts';
import { defineRule } from '../define.ts';

export const infChicagoSignature = defineRule({
  id: 'inf/chicago-signature',
  severity: 'info',
  scope: 'package',
  explain: `The INF has the Signature of Windows 95, "$Chicago$".
Every Windows accepts it; Microsoft's checks require "$Windows NT$" (InfVerif 1001).
No action is needed; write "$Windows NT$" in the next build.`,
  check: ({ inf, parsed }) => {
    const signature = infValue(parsed, 'Version', 'Signature');
    if (signature?.value.toLowerCase() !== '$chicago$') return [];
    return [
      {
        path: inf,
        line: signature.line,
        message: `its Signature is "${signature.value}", the one of Windows 95`,
        hint: 'write "$Windows NT$" in the next build',
      },
    ];
  },
});
