import { plural } from '../../core/text.ts';
import { isMicrosoftSigned } from '../../formats/signature/signature.ts';
import { defineRule } from '../define.ts';

const plainName = 'virtio-win';

export const releasePlainName = defineRule({
  id: 'release/plain-name',
  severity: 'error',
  scope: 'release',
  explain: `A release with drivers that Microsoft did not sign has the plain name "${plainName}".
Users expect drivers of that name to load under Secure Boot; these do not.
Choose another name for the release and its package (virtio-win-unsigned), or give the reason for the plain name under "policy: plainName".`,
  check: ({ manifest, packages }) => {
    const { release } = manifest;
    const named = [release.name, release.package.name].filter((name) => name === plainName);
    const others = packages.filter(({ signature }) => !isMicrosoftSigned(signature));
    if (named.length === 0 || others.length === 0 || release.policy.plainName !== undefined) return [];
    return [
      {
        path: plainName,
        message: `contains ${plural(others.length, 'driver package')} not signed by Microsoft`,
        hint: 'choose another name, or give the reason for this one under "policy: plainName"',
      },
    ];
  },
});
