import { defineRule } from '../define.ts';
import { driverFacts } from '../validate/driver-facts.ts';

export const releaseWhql = defineRule({
  id: 'release/whql-redistribution',
  severity: 'error',
  explain: `A driver is certified by Microsoft (WHQL).
Certified virtio drivers come from commercial products, and their terms do not allow everyone to pass them on.
Use the community build of the driver, or say under "policy: redistributeWhql" why you may distribute it.`,
  check: ({ manifest, tree, facts }) =>
    manifest.release.policy.redistributeWhql !== undefined
      ? []
      : driverFacts(tree, facts)
          .filter(({ signature }) => signature === 'whql')
          .map(({ inf }) => ({
            path: inf,
            message: 'is certified by Microsoft (WHQL), which may not be redistributed',
            hint: 'use the community build, or say under "policy: redistributeWhql" why you may',
          })),
});
