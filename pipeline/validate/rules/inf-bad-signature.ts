import { headerLine, infSection, infValue } from '../../formats/inf/inf.ts';
import { defineRule } from '../define.ts';

export const infBadSignature = defineRule({
  id: 'inf/bad-signature',
  severity: 'error',
  scope: 'package',
  explain: `The INF has no valid signature string: [Version] is missing, or its Signature is neither "$Windows NT$" nor "$Chicago$".
Windows does not treat such a file as an INF and refuses the driver package.
Write [Version] with Signature = "$Windows NT$".`,
  check: ({ inf, parsed }) => {
    const hint = 'write Signature = "$Windows NT$" in [Version]';
    const version = infSection(parsed, 'Version');
    if (version === undefined) return [{ path: inf, message: 'has no [Version] section', hint }];
    const signature = infValue(parsed, 'Version', 'Signature');
    if (signature === undefined)
      return [{ path: inf, ...headerLine(version), message: '[Version] has no Signature', hint }];
    if (['$windows nt$', '$chicago$'].includes(signature.value.toLowerCase())) return [];
    const message = `its Signature is "${signature.value}"`;
    return [{ path: inf, line: signature.line, message, hint }];
  },
});
