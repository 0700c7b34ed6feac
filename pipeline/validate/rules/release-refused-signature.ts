import type { SignatureState } from '../../formats/signature/signature.ts';
import { defineRule } from '../define.ts';

/** What no release may hold unless its policy says why it may. */
const refusedByDefault: Readonly<Partial<Record<SignatureState, string>>> = {
  whql: 'drivers certified by Microsoft come from commercial products, whose terms do not let everyone pass them on',
};

export const releaseRefusedSignature = defineRule({
  id: 'release/refused-signature',
  severity: 'error',
  scope: 'release',
  explain: `A driver package is signed in a way that the release's policy refuses.
Certified (whql) drivers are refused in every release, since their terms do not let everyone pass them on; a release can refuse more under "policy: refuse".
Both the signature that the catalog has and the one that Windows counts are looked at: a certified catalog that lacks a file is refused as certified and as unsigned.
Use another build of the driver, leave it out under "select", or say under "policy: allow" why the release may hold it.`,
  check: ({ manifest, packages }) => {
    const { allow, refuse } = manifest.release.policy;
    const refused = { ...refusedByDefault, ...refuse };
    return packages.flatMap(({ inf, verdict, signature }) =>
      [...new Set([verdict.trust, signature])].flatMap((state) => {
        const reason = allow[state] === undefined ? refused[state] : undefined;
        if (reason === undefined) return [];
        return [
          {
            path: inf,
            message: `is signed as "${state}", which is refused: ${reason}`,
            hint: `use another build of the driver, or say under "policy: allow: ${state}" why the release may hold it`,
          },
        ];
      }),
    );
  },
});
