import { isMicrosoftSigned } from '../../formats/signature/signature.ts';
import { defineRule } from '../define.ts';

const plainName = 'virtio-win';

export const releasePlainName = defineRule({
  id: 'release/plain-name',
  severity: 'error',
  scope: 'release',
  explain: `A release with drivers that Microsoft has not signed is called plain "${plainName}".
People expect the drivers of that name to load under Secure Boot; these do not.
Give the release and its package a name of their own (virtio-win-unsigned), or say under "policy: plainName" why this one may have it.`,
  check: ({ manifest, packages }) => {
    const { release } = manifest;
    const named = [release.name, release.package.name].filter((name) => name === plainName);
    const others = packages.filter(({ signature }) => !isMicrosoftSigned(signature));
    if (named.length === 0 || others.length === 0 || release.policy.plainName !== undefined) return [];
    return [
      {
        path: plainName,
        message: `${others.length} of its driver packages are not signed by Microsoft`,
        hint: 'choose another name, or say under "policy: plainName" why it may have this one',
      },
    ];
  },
});
