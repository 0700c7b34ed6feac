import type { SignatureState } from '../../formats/signature/signature.ts';
import { defineRule } from '../define.ts';

/** Signature states that a release must not contain unless its policy gives a reason. */
const refusedByDefault: Readonly<Partial<Record<SignatureState, string>>> = {
  whql: 'drivers certified by Microsoft come from commercial products, whose terms restrict redistribution',
};

export const releaseRefusedSignature = defineRule({
  id: 'release/refused-signature',
  severity: 'error',
  scope: 'release',
  explain: `The policy of the release refuses the signature state of a driver package.
Certified (whql) drivers are refused in every release, since their terms restrict redistribution; a release can refuse more states with "policy: refuse".
The rule checks both the catalog's signature and the state that Windows derives: a certified catalog that lacks a file is refused as whql and, if the policy refuses it, as unsigned.
Use another build of the driver, exclude it with "select", or give the reason to allow it under "policy: allow".`,
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
            hint: `use another build of the driver, or give the reason to allow it under "policy: allow: ${state}"`,
          },
        ];
      }),
    );
  },
});
